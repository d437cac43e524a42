//! What the generator knows of a value: its text, shape and dtype, and how exact its elements are.

use lang::dtype::{DType, Kind};

/// An expression that a program may use, or a name.
#[derive(Clone, Debug)]
pub struct Term {
    pub text: String,
    pub shape: Vec<usize>,
    pub dtype: DType,
    /// The elements are multiples of `2 ** -frac` below `2 ** mag`: so sums in any order are exact while both fit.
    pub mag: u32,
    pub frac: u32,
    /// Whether every rank and NumPy have the same bits. Else nothing may hang on them but continuous functions.
    pub exact: bool,
    /// Names with the same number may share memory.
    pub memory: usize,
}

impl Term {
    pub fn size(&self) -> usize {
        self.shape.iter().product()
    }

    pub fn ndim(&self) -> usize {
        self.shape.len()
    }

    pub fn is_real(&self) -> bool {
        !self.dtype.is_complex()
    }

    pub fn is_whole(&self) -> bool {
        matches!(self.dtype.kind(), Kind::Bool | Kind::Signed | Kind::Unsigned)
    }

    pub fn with(&self, text: String) -> Term {
        Term { text, ..self.clone() }
    }

    /// How many bits of an element are exact in any order of additions.
    fn room(dtype: DType) -> u32 {
        if matches!(dtype, DType::F32 | DType::C64) { 20 } else { 46 }
    }

    /// The same, such that `more` bits are left for sums and products.
    pub fn tame(self, more: u32) -> Term {
        let mut term = self;
        match term.dtype.kind() {
            Kind::Bool => (term.mag, term.frac) = (1, 0),
            Kind::Signed | Kind::Unsigned => {
                (term.mag, term.frac) = (term.mag.min(8 * term.dtype.itemsize() as u32), 0);
            }
            _ if term.mag + term.frac + more <= Term::room(term.dtype) => {}
            Kind::Float if term.exact => {
                let fine = term.frac + more + 3 <= Term::room(term.dtype);
                let text = if fine { term.text } else { format!("np.rint({})", term.text) };
                (term.text, term.mag) = (format!("np.remainder({text}, 8)"), 3);
                term.frac = if fine { term.frac } else { 0 };
            }
            Kind::Float => {
                (term.text, term.mag, term.frac) = (format!("np.clip({}, -8, 8)", term.text), 4, 0)
            }
            Kind::Complex if term.exact => {
                let part = |part: &str| format!("np.rint(np.{part}({})) % 4", term.text);
                term.text = format!("({} + 1j * ({}))", part("real"), part("imag"));
                (term.mag, term.frac) = (3, 0);
            }
            Kind::Complex => {
                term.text = format!("({0} / (1 + np.abs({0})))", term.text);
                (term.mag, term.frac) = (1, 0);
            }
        }
        term
    }

    /// As text that can be written into elements of that dtype, with what they then are.
    pub fn fit(self, dtype: DType) -> Term {
        let mut term = self.tame(0);
        let narrow =
            matches!(dtype.kind(), Kind::Bool | Kind::Signed | Kind::Unsigned) || dtype.itemsize() == 4;
        if !term.exact && (narrow || dtype == DType::C64) {
            return Term {
                text: "3".into(),
                shape: Vec::new(),
                dtype,
                mag: 2,
                frac: 0,
                exact: true,
                memory: 0,
            };
        }
        if !term.is_real() && !dtype.is_complex() {
            term.text = format!("np.real({})", term.text);
            term.dtype = term.dtype.real_part();
        }
        if !term.is_whole() && dtype.is_integer() {
            // What is out of range, or negative, casts to anything.
            if term.mag > 6 {
                (term.text, term.mag) = (format!("np.remainder({}, 8)", term.text), 3);
            }
            if dtype.kind() == Kind::Unsigned {
                term.text = format!("np.abs({})", term.text);
            }
        }
        term.dtype = dtype;
        if dtype.is_bool() || dtype.is_integer() {
            term.frac = 0;
        }
        term.mag = if dtype.is_bool() { 1 } else { term.mag };
        if term.mag + term.frac > Term::room(dtype) && !dtype.is_integer() {
            term.frac = 60;
        }
        term
    }
}

/// The shape that two broadcast to; `None` where they do not.
pub fn broadcast(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    let ndim = a.len().max(b.len());
    let at = |s: &[usize], d: usize| if d + s.len() < ndim { 1 } else { s[d + s.len() - ndim] };
    let one = |d: usize| match (at(a, d), at(b, d)) {
        (x, y) if x == y => Some(x),
        (1, y) => Some(y),
        (x, 1) => Some(x),
        _ => None,
    };
    (0..ndim).map(one).collect()
}

/// Whether `a` broadcasts to exactly `to`.
pub fn broadcasts_to(a: &[usize], to: &[usize]) -> bool {
    broadcast(a, to).is_some_and(|shape| shape == to)
}
