//! The thirteen element types and their properties.

use serde::{Deserialize, Serialize};

use crate::error::{Class, Error, Result};

/// An element type, in NumPy's order of promotion within each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DType {
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    C64,
    C128,
}

/// NumPy's kind letters `b i u f c`, as a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    Bool,
    Signed,
    Unsigned,
    Float,
    Complex,
}

impl DType {
    pub const ALL: [DType; 13] = [
        DType::Bool,
        DType::I8,
        DType::I16,
        DType::I32,
        DType::I64,
        DType::U8,
        DType::U16,
        DType::U32,
        DType::U64,
        DType::F32,
        DType::F64,
        DType::C64,
        DType::C128,
    ];

    /// NumPy's name: `float64`, `bool`, ...
    pub fn name(self) -> &'static str {
        match self {
            DType::Bool => "bool",
            DType::I8 => "int8",
            DType::I16 => "int16",
            DType::I32 => "int32",
            DType::I64 => "int64",
            DType::U8 => "uint8",
            DType::U16 => "uint16",
            DType::U32 => "uint32",
            DType::U64 => "uint64",
            DType::F32 => "float32",
            DType::F64 => "float64",
            DType::C64 => "complex64",
            DType::C128 => "complex128",
        }
    }

    /// Bytes of one element.
    pub fn itemsize(self) -> usize {
        match self {
            DType::Bool | DType::I8 | DType::U8 => 1,
            DType::I16 | DType::U16 => 2,
            DType::I32 | DType::U32 | DType::F32 => 4,
            DType::I64 | DType::U64 | DType::F64 | DType::C64 => 8,
            DType::C128 => 16,
        }
    }

    pub fn kind(self) -> Kind {
        match self {
            DType::Bool => Kind::Bool,
            DType::I8 | DType::I16 | DType::I32 | DType::I64 => Kind::Signed,
            DType::U8 | DType::U16 | DType::U32 | DType::U64 => Kind::Unsigned,
            DType::F32 | DType::F64 => Kind::Float,
            DType::C64 | DType::C128 => Kind::Complex,
        }
    }
}

/// NumPy's casting rules, each allowing what the one before it allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Casting {
    No,
    Equiv,
    Safe,
    SameKind,
    Unsafe,
}

impl Casting {
    /// The rule of that name, as in `a.astype(t, casting='same_kind')`.
    pub fn parse(name: &str) -> Result<Casting> {
        Ok(match name {
            "no" => Casting::No,
            "equiv" => Casting::Equiv,
            "safe" => Casting::Safe,
            "same_kind" => Casting::SameKind,
            "unsafe" => Casting::Unsafe,
            _ => {
                return Err(Error::value(format!(
                    "casting must be one of 'no', 'equiv', 'safe', 'same_kind', or 'unsafe' (got '{name}')"
                )));
            }
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Casting::No => "no",
            Casting::Equiv => "equiv",
            Casting::Safe => "safe",
            Casting::SameKind => "same_kind",
            Casting::Unsafe => "unsafe",
        }
    }
}

impl DType {
    /// What Python's `int`, `bool`, `float` and `complex` become.
    pub const DEFAULT_INT: DType = DType::I64;
    pub const DEFAULT_FLOAT: DType = DType::F64;
    pub const DEFAULT_COMPLEX: DType = DType::C128;

    /// NumPy's character: `d` of float64, `?` of bool.
    pub fn char(self) -> char {
        CHARS[self as usize] as char
    }

    /// The dtype of that character.
    pub fn from_char(c: char) -> Option<DType> {
        CHARS.iter().position(|&x| x as char == c).map(|i| DType::ALL[i])
    }

    /// As `.npy` files and the array interface spell it, little endian: `<f8`, `|b1`.
    pub fn descr(self) -> &'static str {
        ["|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f4", "<f8", "<c8", "<c16"]
            [self as usize]
    }

    pub fn is_bool(self) -> bool {
        self == DType::Bool
    }

    /// Signed or unsigned; bool is neither.
    pub fn is_integer(self) -> bool {
        matches!(self.kind(), Kind::Signed | Kind::Unsigned)
    }

    pub fn is_float(self) -> bool {
        self.kind() == Kind::Float
    }

    pub fn is_complex(self) -> bool {
        self.kind() == Kind::Complex
    }

    /// Float or complex.
    pub fn is_inexact(self) -> bool {
        self.is_float() || self.is_complex()
    }

    /// The dtype of the real and imaginary parts; of the others, themselves.
    pub fn real_part(self) -> DType {
        match self {
            DType::C64 => DType::F32,
            DType::C128 => DType::F64,
            other => other,
        }
    }

    /// The least and greatest value of an integer dtype or bool.
    pub fn int_range(self) -> Option<(i128, i128)> {
        let bits = 8 * self.itemsize() as u32;
        match self.kind() {
            Kind::Bool => Some((0, 1)),
            Kind::Signed => Some((-(1 << (bits - 1)), (1 << (bits - 1)) - 1)),
            Kind::Unsigned => Some((0, (1 << bits) - 1)),
            Kind::Float | Kind::Complex => None,
        }
    }

    /// The dtype that `np.dtype(name)` gives: names, C names, characters and sizes, of native byte order.
    ///
    /// # Errors
    /// TypeError for a name that NumPy does not know, NotImplementedError for its dtypes that are not among the
    /// thirteen.
    pub fn parse(text: &str) -> Result<DType> {
        let native = text.strip_prefix(['<', '=', '|']).unwrap_or(text);
        // With a byte order, only characters and sizes: `<f8`, not `<float64`.
        let found = SHORT.iter().chain(if native == text { LONG } else { &[] });
        if let Some((_, dtype)) = found.into_iter().find(|(name, _)| *name == native) {
            return Ok(*dtype);
        }
        let big = text.strip_prefix('>');
        if let Some((_, dtype)) = SHORT.iter().find(|(name, _)| Some(*name) == big) {
            // One byte has no order.
            if dtype.itemsize() == 1 {
                return Ok(*dtype);
            }
            return Err(unsupported(text).hint(format!("use '{}'", dtype.descr())));
        }
        let bare = text.strip_prefix('>').unwrap_or(native);
        if OTHERS.contains(&bare) || OTHERS_LONG.contains(&text) {
            return Err(unsupported(text).hint(
                "the dtypes are bool, int8 to int64, uint8 to uint64, float32, float64, complex64 and complex128",
            ));
        }
        Err(Error::type_(format!("data type '{text}' not understood")))
    }
}

fn unsupported(text: &str) -> Error {
    Error::new(Class::NotImplementedError, format!("data type '{text}' is not supported here"))
}

const CHARS: &[u8; 13] = b"?bhilBHILfdFD";

/// Characters and sizes, which may follow a byte order.
const SHORT: &[(&str, DType)] = &[
    ("?", DType::Bool),
    ("b1", DType::Bool),
    ("b", DType::I8),
    ("i1", DType::I8),
    ("h", DType::I16),
    ("i2", DType::I16),
    ("i", DType::I32),
    ("i4", DType::I32),
    ("l", DType::I64),
    ("q", DType::I64),
    ("p", DType::I64),
    ("n", DType::I64),
    ("i8", DType::I64),
    ("B", DType::U8),
    ("u1", DType::U8),
    ("H", DType::U16),
    ("u2", DType::U16),
    ("I", DType::U32),
    ("u4", DType::U32),
    ("L", DType::U64),
    ("Q", DType::U64),
    ("P", DType::U64),
    ("N", DType::U64),
    ("u8", DType::U64),
    ("f", DType::F32),
    ("f4", DType::F32),
    ("d", DType::F64),
    ("f8", DType::F64),
    ("F", DType::C64),
    ("c8", DType::C64),
    ("D", DType::C128),
    ("c16", DType::C128),
];

const LONG: &[(&str, DType)] = &[
    ("bool", DType::Bool),
    ("bool_", DType::Bool),
    ("int8", DType::I8),
    ("byte", DType::I8),
    ("int16", DType::I16),
    ("short", DType::I16),
    ("int32", DType::I32),
    ("intc", DType::I32),
    ("int64", DType::I64),
    ("int", DType::I64),
    ("int_", DType::I64),
    ("intp", DType::I64),
    ("long", DType::I64),
    ("longlong", DType::I64),
    ("uint8", DType::U8),
    ("ubyte", DType::U8),
    ("uint16", DType::U16),
    ("ushort", DType::U16),
    ("uint32", DType::U32),
    ("uintc", DType::U32),
    ("uint64", DType::U64),
    ("uint", DType::U64),
    ("uintp", DType::U64),
    ("ulong", DType::U64),
    ("ulonglong", DType::U64),
    ("float32", DType::F32),
    ("single", DType::F32),
    ("float64", DType::F64),
    ("float", DType::F64),
    ("double", DType::F64),
    ("complex64", DType::C64),
    ("csingle", DType::C64),
    ("complex128", DType::C128),
    ("complex", DType::C128),
    ("cdouble", DType::C128),
];

/// NumPy knows them; we do not. These may follow a byte order.
const OTHERS: &[&str] = &[
    "e",
    "f2",
    "g",
    "f16",
    "G",
    "c32",
    "O",
    "U",
    "S",
    "V",
    "M",
    "M8",
    "m",
    "m8",
    "datetime64",
    "timedelta64",
];

const OTHERS_LONG: &[&str] = &[
    "float16",
    "half",
    "longdouble",
    "float128",
    "clongdouble",
    "complex256",
    "object",
    "object_",
    "str",
    "str_",
    "bytes",
    "bytes_",
    "void",
];

/// The smallest dtype that both cast to safely: NumPy's `promote_types`.
pub fn promote(a: DType, b: DType) -> DType {
    use DType::*;
    if a == b || b == Bool {
        return a;
    }
    if a == Bool {
        return b;
    }
    let (low, high) = if a.kind() <= b.kind() { (a, b) } else { (b, a) };
    let (small, large) = (low.itemsize(), high.itemsize());
    match (low.kind(), high.kind()) {
        (x, y) if x == y => {
            if small > large {
                low
            } else {
                high
            }
        }
        (Kind::Signed, Kind::Unsigned) => match large {
            _ if small > large => low,
            1 => I16,
            2 => I32,
            4 => I64,
            _ => F64,
        },
        // Integers of more than 16 bits need 53 bits of mantissa, or as much as there is.
        (Kind::Signed | Kind::Unsigned, Kind::Float) if small > 2 => F64,
        (Kind::Signed | Kind::Unsigned, Kind::Complex) if small > 2 => C128,
        (Kind::Float, Kind::Complex) if small == 8 => C128,
        _ => high,
    }
}

/// Whether NumPy's `can_cast(from, to, casting)` holds.
pub fn can_cast(from: DType, to: DType, casting: Casting) -> bool {
    match casting {
        Casting::No | Casting::Equiv => from == to,
        Casting::Safe => promote(from, to) == to,
        Casting::SameKind => promote(from, to) == to || kind_rank(from) <= kind_rank(to),
        Casting::Unsafe => true,
    }
}

/// `b < u < i < f < c`: same-kind casts go up this order, to any size.
fn kind_rank(d: DType) -> u8 {
    match d.kind() {
        Kind::Bool => 0,
        Kind::Unsigned => 1,
        Kind::Signed => 2,
        Kind::Float => 3,
        Kind::Complex => 4,
    }
}

impl std::fmt::Display for DType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
