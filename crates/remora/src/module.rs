//! A program that is ready to run.

use std::sync::Arc;

use remora_bytecode::wire::{self, WriteOptions};
use remora_diagnostics::{Diagnostic, SourceId, SourceMap};
use remora_vm::Loaded;

/// A compiled, verified and linked program: immutable, shared by all VMs that run it. Cloning shares.
#[derive(Clone, Debug)]
pub struct Module {
    loaded: Arc<Loaded>,
    verified: remora_bytecode::Module,
    sources: Arc<SourceMap>,
    warnings: Arc<[Diagnostic]>,
}

impl Module {
    pub(crate) fn new(
        loaded: Arc<Loaded>,
        verified: remora_bytecode::Module,
        sources: Arc<SourceMap>,
        warnings: Vec<Diagnostic>,
    ) -> Self {
        Self { loaded, verified, sources, warnings: warnings.into() }
    }

    /// The module as bytes, for [`crate::Engine::load`]. `strip` leaves out what only messages need.
    #[must_use]
    pub fn to_bytes(&self, strip: bool) -> Vec<u8> {
        wire::write(&self.verified, WriteOptions { strip })
    }

    /// What [`Module::to_bytes`] leaves out when it strips, with the texts of the sources, for [`crate::Engine::load_with_debug`];
    /// `None` if the module was stripped itself.
    #[must_use]
    pub fn to_debug_file(&self) -> Option<Vec<u8>> {
        let debug = self.verified.debug.as_ref()?;
        let names = std::iter::once(&debug.source).chain(debug.imported.iter().map(|it| &it.name));
        let texts = (0..).zip(names).map(|(nth, name)| {
            let source = self.sources.source(SourceId(nth))?;
            (source.name() == &**name && source.has_text()).then(|| source.text())
        });
        // All or none.
        let texts: Vec<&str> = texts.collect::<Option<_>>().unwrap_or_default();
        wire::write_debug_file(&self.verified, &texts)
    }

    /// What there was to warn of.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// The texts that places in messages refer to.
    #[must_use]
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// The wordcode.
    #[must_use]
    pub fn bytecode(&self) -> &remora_bytecode::Module {
        &self.verified
    }

    /// The register form of all functions, as text.
    #[must_use]
    pub fn registers(&self) -> String {
        self.loaded.functions().iter().map(|it| remora_vm::show(&self.loaded, it)).collect()
    }

    pub(crate) const fn shared_sources(&self) -> &Arc<SourceMap> {
        &self.sources
    }

    pub(crate) const fn loaded(&self) -> &Arc<Loaded> {
        &self.loaded
    }
}
