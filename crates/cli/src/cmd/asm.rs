//! waits
pub(crate) fn asm(_: &crate::args::AsmArgs) -> crate::exit::Exit { crate::exit::Exit::Usage }
