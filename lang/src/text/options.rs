//! NumPy's print options: what `np.set_printoptions` sets, and arrays are written by.

/// A bound that NumPy takes as an int or a float: `threshold=np.inf` summarises nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    Int(i64),
    Float(f64),
}

impl Limit {
    /// Whether that many are more than the bound.
    pub fn is_exceeded_by(self, n: usize) -> bool {
        match self {
            Limit::Int(limit) => i64::try_from(n).map_or(true, |n| n > limit),
            Limit::Float(limit) => n as f64 > limit,
        }
    }
}

/// How many fractional digits floats are written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatMode {
    /// Exactly `precision`.
    Fixed,
    /// As many as say the number.
    Unique,
    /// As many as say the number, at most `precision`.
    MaxPrec,
    /// As `MaxPrec`, the same for all.
    MaxPrecEqual,
}

impl FloatMode {
    pub const ALL: [(FloatMode, &str); 4] = [
        (FloatMode::Fixed, "fixed"),
        (FloatMode::Unique, "unique"),
        (FloatMode::MaxPrec, "maxprec"),
        (FloatMode::MaxPrecEqual, "maxprec_equal"),
    ];

    pub fn named(name: &str) -> Option<FloatMode> {
        FloatMode::ALL.iter().find(|(_, n)| *n == name).map(|(mode, _)| *mode)
    }

    pub fn name(self) -> &'static str {
        FloatMode::ALL.iter().find(|(mode, _)| *mode == self).map_or("", |(_, name)| name)
    }
}

/// What stands before a number that is not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `-`: nothing.
    Negative,
    /// `+`.
    Always,
    /// A space.
    Space,
}

impl Sign {
    pub fn named(text: &str) -> Option<Sign> {
        Some(match text {
            "-" => Sign::Negative,
            "+" => Sign::Always,
            " " => Sign::Space,
            _ => return None,
        })
    }

    pub fn text(self) -> &'static str {
        match self {
            Sign::Negative => "-",
            Sign::Always => "+",
            Sign::Space => " ",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct PrintOptions {
    /// Of floats, where the mode does not say otherwise.
    pub precision: usize,
    /// Arrays of more elements are summarised,
    pub threshold: Limit,
    /// to so many at both ends of each axis.
    pub edge: usize,
    /// Characters a line.
    pub line: Limit,
    /// No exponents for small numbers.
    pub suppress: bool,
    pub nan: String,
    pub inf: String,
    pub sign: Sign,
    pub mode: FloatMode,
}

impl Default for PrintOptions {
    fn default() -> PrintOptions {
        PrintOptions {
            precision: 8,
            threshold: Limit::Int(1000),
            edge: 3,
            line: Limit::Int(75),
            suppress: false,
            nan: "nan".into(),
            inf: "inf".into(),
            sign: Sign::Negative,
            mode: FloatMode::MaxPrec,
        }
    }
}

impl PrintOptions {
    pub(super) fn summarises(&self, shape: &[usize]) -> bool {
        self.threshold.is_exceeded_by(shape.iter().product())
    }

    /// The characters of a line, less some that come after it.
    pub(super) fn width(&self, less: usize) -> usize {
        let all = match self.line {
            Limit::Int(n) => usize::try_from(n).unwrap_or(0),
            // A float as a number of characters: infinity is the longest line.
            Limit::Float(x) => x as usize,
        };
        all.saturating_sub(less)
    }
}
