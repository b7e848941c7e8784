//! The few parts of the protobuf encoding that the module format uses, in their one canonical spelling.
//!
//! Facts: <https://protobuf.dev/programming-guides/encoding/>. The reader borrows, never allocates and accepts nothing but
//! what the writer would write: fields in order, minimal varints, no defaults, no unknown fields.

use super::WireError;

/// How a field's value is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum WireType {
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
}

/// Appends fields to a buffer. Default values are left out, as canonical form demands.
#[derive(Default, Debug)]
pub(super) struct Writer {
    out: Vec<u8>,
}

impl Writer {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    fn raw_varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.out.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.out.push((value & 0x7f) as u8);
    }

    fn key(&mut self, field: u32, wire: WireType) {
        self.raw_varint(u64::from(field) << 3 | wire as u64);
    }

    /// A number, unless it is 0.
    pub(super) fn number(&mut self, field: u32, value: u32) {
        if value != 0 {
            self.key(field, WireType::Varint);
            self.raw_varint(value.into());
        }
    }

    /// A number of a `oneof`, which is written even if it is 0.
    pub(super) fn choice(&mut self, field: u32, value: u64) {
        self.key(field, WireType::Varint);
        self.raw_varint(value);
    }

    /// Eight bytes of a `oneof` or of a field that is never the default.
    pub(super) fn fixed64(&mut self, field: u32, value: u64) {
        self.key(field, WireType::Fixed64);
        self.out.extend_from_slice(&value.to_le_bytes());
    }

    /// Text or bytes, unless empty.
    pub(super) fn bytes(&mut self, field: u32, value: &[u8]) {
        if !value.is_empty() {
            self.message_bytes(field, value);
        }
    }

    /// A message or a member of a repeated or `oneof` field, which is written even if empty.
    pub(super) fn message_bytes(&mut self, field: u32, value: &[u8]) {
        self.key(field, WireType::Bytes);
        self.raw_varint(value.len() as u64);
        self.out.extend_from_slice(value);
    }

    /// A message that `fill` writes.
    pub(super) fn message(&mut self, field: u32, fill: impl FnOnce(&mut Self)) {
        let mut inner = Self::default();
        fill(&mut inner);
        self.message_bytes(field, &inner.out);
    }

    /// A packed list of numbers, unless empty.
    pub(super) fn packed(&mut self, field: u32, values: impl IntoIterator<Item = u32>) {
        let mut inner = Self::default();
        for value in values {
            inner.raw_varint(value.into());
        }
        self.bytes(field, &inner.out);
    }
}

/// Reads the fields of one message, strictly in order. Its parts are never inlined: each message has a reader of its own
/// that is made of them, and would have its own copy of all.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    /// Where `bytes` begins in the whole file, for messages.
    offset: usize,
    last_field: u32,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0, last_field: 0 }
    }

    /// Goes on in a file of which this begins at `offset`, after fields up to `last_field`.
    pub(super) const fn at(bytes: &'a [u8], offset: usize, last_field: u32) -> Self {
        Self { bytes, offset, last_field }
    }

    pub(super) const fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn error(&self, what: &'static str) -> WireError {
        WireError::malformed(self.offset, what)
    }

    fn advance(&mut self, count: usize) -> Result<&'a [u8], WireError> {
        let Some((head, tail)) = self.bytes.split_at_checked(count) else {
            return Err(WireError::truncated(self.offset + self.bytes.len()));
        };
        self.bytes = tail;
        self.offset += count;
        Ok(head)
    }

    #[inline(never)]
    fn raw_varint(&mut self) -> Result<u64, WireError> {
        let mut value = 0u64;
        for nth in 0..10 {
            let byte = self.advance(1)?[0];
            if nth == 9 && byte > 1 {
                return Err(self.error("a number does not fit in 64 bits"));
            }
            value |= u64::from(byte & 0x7f) << (7 * nth);
            if byte < 0x80 {
                if byte == 0 && nth > 0 {
                    return Err(self.error("a number is not written in its shortest form"));
                }
                return Ok(value);
            }
        }
        Err(self.error("a number does not end"))
    }

    /// The number of the next field, without taking it; `None` at the end of the message.
    fn peek(&self) -> Result<Option<(u32, u64)>, WireError> {
        if self.bytes.is_empty() {
            return Ok(None);
        }
        let key = self.clone().raw_varint()?;
        let field = u32::try_from(key >> 3).map_err(|_| self.error("an unknown field"))?;
        Ok(Some((field, key & 7)))
    }

    /// Takes the key of `field` if that is what comes next. A field that comes again must be `repeated`.
    #[inline(never)]
    fn take_key(&mut self, field: u32, wire: WireType, repeated: bool) -> Result<bool, WireError> {
        let Some((next, kind)) = self.peek()? else { return Ok(false) };
        if next != field {
            return Ok(false);
        }
        if kind != wire as u64 {
            return Err(self.error("a field is written in another form than its type"));
        }
        if self.last_field > field || (self.last_field == field && !repeated) {
            return Err(self.error("fields stand out of order or twice"));
        }
        self.last_field = field;
        self.raw_varint()?;
        Ok(true)
    }

    /// A number, 0 if it is absent.
    #[inline(never)]
    pub(super) fn number(&mut self, field: u32) -> Result<u32, WireError> {
        if !self.take_key(field, WireType::Varint, false)? {
            return Ok(0);
        }
        let value = self.raw_varint()?;
        match u32::try_from(value) {
            Ok(0) => Err(self.error("a default value is written out")),
            Ok(value) => Ok(value),
            Err(_) => Err(self.error("a number does not fit in 32 bits")),
        }
    }

    /// A bool, false if it is absent.
    pub(super) fn flag(&mut self, field: u32) -> Result<bool, WireError> {
        match self.number(field)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.error("a flag is neither 0 nor 1")),
        }
    }

    /// A member of a `oneof` that is a varint.
    pub(super) fn choice(&mut self, field: u32) -> Result<Option<u64>, WireError> {
        if self.take_key(field, WireType::Varint, false)? {
            self.raw_varint().map(Some)
        } else {
            Ok(None)
        }
    }

    /// Eight bytes.
    pub(super) fn fixed64(&mut self, field: u32) -> Result<Option<u64>, WireError> {
        if !self.take_key(field, WireType::Fixed64, false)? {
            return Ok(None);
        }
        let bytes = self.advance(8)?;
        let mut word = [0; 8];
        word.copy_from_slice(bytes);
        Ok(Some(u64::from_le_bytes(word)))
    }

    fn length_delimited(&mut self) -> Result<&'a [u8], WireError> {
        let length = self.raw_varint()?;
        let length = usize::try_from(length).map_err(|_| self.error("a length does not fit"))?;
        self.advance(length)
    }

    /// Bytes, empty if absent.
    pub(super) fn bytes(&mut self, field: u32) -> Result<&'a [u8], WireError> {
        if !self.take_key(field, WireType::Bytes, false)? {
            return Ok(&[]);
        }
        let bytes = self.length_delimited()?;
        if bytes.is_empty() { Err(self.error("a default value is written out")) } else { Ok(bytes) }
    }

    /// Text, empty if absent.
    pub(super) fn text(&mut self, field: u32) -> Result<&'a str, WireError> {
        let bytes = self.bytes(field)?;
        std::str::from_utf8(bytes).map_err(|_| self.error("a text is not UTF-8"))
    }

    /// Bytes of a member of a `oneof`, which may be empty.
    pub(super) fn choice_bytes(&mut self, field: u32) -> Result<Option<&'a [u8]>, WireError> {
        if self.take_key(field, WireType::Bytes, false)? {
            self.length_delimited().map(Some)
        } else {
            Ok(None)
        }
    }

    /// The next message of a repeated field.
    #[inline(never)]
    pub(super) fn repeated(&mut self, field: u32) -> Result<Option<Reader<'a>>, WireError> {
        if !self.take_key(field, WireType::Bytes, true)? {
            return Ok(None);
        }
        let bytes = self.length_delimited()?;
        Ok(Some(Reader { bytes, offset: self.offset - bytes.len(), last_field: 0 }))
    }

    /// How many messages of a repeated field follow, so that room for them can be made at once. Linear, allocates
    /// nothing, and never more than the bytes that are there.
    #[inline(never)]
    pub(super) fn count(&self, field: u32) -> Result<usize, WireError> {
        let mut ahead = self.clone();
        let mut count = 0;
        while ahead.repeated(field)?.is_some() {
            count += 1;
        }
        Ok(count)
    }

    /// A packed list of numbers. Each takes at least a byte, so the list is never longer than the file.
    pub(super) fn packed(&mut self, field: u32) -> Result<Packed<'a>, WireError> {
        let bytes = self.bytes(field)?;
        Ok(Packed(Reader { bytes, offset: self.offset - bytes.len(), last_field: 0 }))
    }

    /// Nothing may be left.
    #[inline(never)]
    pub(super) fn end(&self) -> Result<(), WireError> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let (field, _) = self.peek()?.unwrap_or_default();
        if field < self.last_field {
            return Err(self.error("fields stand out of order or twice"));
        }
        Err(self.error("an unknown field"))
    }

    /// The bytes that are left.
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.bytes
    }
}

/// The numbers of a packed list.
pub(super) struct Packed<'a>(Reader<'a>);

impl Packed<'_> {
    /// How many there are, without allocating.
    pub(super) fn count(&self) -> usize {
        self.0.bytes.iter().filter(|byte| **byte < 0x80).count()
    }

    /// The next number.
    pub(super) fn next(&mut self) -> Result<Option<u32>, WireError> {
        if self.0.bytes.is_empty() {
            return Ok(None);
        }
        let value = self.0.raw_varint()?;
        u32::try_from(value).map(Some).map_err(|_| self.0.error("a number does not fit in 32 bits"))
    }

    pub(super) fn error(&self, what: &'static str) -> WireError {
        self.0.error(what)
    }
}
