//! What can be drawn from a random stream: the distributions, with their parameters and the parameters' bounds.

/// A distribution, or another use of a random stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Draw {
    Random,
    Uniform,
    Integers,
    StandardNormal,
    Normal,
    StandardExponential,
    Exponential,
    Choice,
    Permutation,
    Shuffle,
    Permuted,
    StandardGamma,
    Gamma,
    Beta,
    ChiSquare,
    F,
    NoncentralChiSquare,
    NoncentralF,
    StandardCauchy,
    StandardT,
    Laplace,
    Logistic,
    Gumbel,
    LogNormal,
    Pareto,
    Power,
    Rayleigh,
    Weibull,
    Triangular,
    VonMises,
    Wald,
    Poisson,
    Binomial,
    NegativeBinomial,
    Geometric,
    Zipf,
    LogSeries,
    Hypergeometric,
    Multinomial,
    Dirichlet,
}

/// What a parameter must be, as NumPy checks it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    Any,
    NonNegative,
    Positive,
    PositiveNotNan,
    /// In [0, 1].
    Unit,
    /// In (0, 1].
    UnitPositive,
    /// In [0, 1).
    UnitBelow,
    AboveOne,
    /// At least 1.
    FromOne,
    /// In [0, what an int64 can count].
    Rate,
}

/// A distribution with numbers for parameters: their names, defaults and bounds.
pub struct Family {
    pub params: &'static [(&'static str, Option<f64>, Bound)],
    /// Whether it draws integers.
    pub discrete: bool,
}

impl Draw {
    /// The parameters of a distribution that has nothing but them, a size and perhaps a dtype.
    pub fn family(self) -> Option<Family> {
        use Bound::*;
        let params: &[(&str, Option<f64>, Bound)] = match self {
            Draw::Random | Draw::StandardNormal | Draw::StandardExponential | Draw::StandardCauchy => &[],
            Draw::Uniform => &[("low", Some(0.0), Any), ("high", Some(1.0), Any)],
            Draw::Normal => &[("loc", Some(0.0), Any), ("scale", Some(1.0), NonNegative)],
            Draw::Exponential => &[("scale", Some(1.0), NonNegative)],
            Draw::StandardGamma => &[("shape", None, NonNegative)],
            Draw::Gamma => &[("shape", None, NonNegative), ("scale", Some(1.0), NonNegative)],
            Draw::Beta => &[("a", None, Positive), ("b", None, Positive)],
            Draw::ChiSquare | Draw::StandardT => &[("df", None, Positive)],
            Draw::F => &[("dfnum", None, Positive), ("dfden", None, Positive)],
            Draw::NoncentralChiSquare => &[("df", None, Positive), ("nonc", None, NonNegative)],
            Draw::NoncentralF => {
                &[("dfnum", None, Positive), ("dfden", None, Positive), ("nonc", None, NonNegative)]
            }
            Draw::Laplace | Draw::Logistic | Draw::Gumbel => {
                &[("loc", Some(0.0), Any), ("scale", Some(1.0), NonNegative)]
            }
            Draw::LogNormal => &[("mean", Some(0.0), Any), ("sigma", Some(1.0), NonNegative)],
            Draw::Pareto | Draw::Power => &[("a", None, Positive)],
            Draw::Rayleigh => &[("scale", Some(1.0), NonNegative)],
            Draw::Weibull => &[("a", None, NonNegative)],
            Draw::Triangular => &[("left", None, Any), ("mode", None, Any), ("right", None, Any)],
            Draw::VonMises => &[("mu", None, Any), ("kappa", None, NonNegative)],
            Draw::Wald => &[("mean", None, Positive), ("scale", None, Positive)],
            Draw::Poisson => &[("lam", Some(1.0), Rate)],
            Draw::Binomial => &[("n", None, NonNegative), ("p", None, Unit)],
            Draw::NegativeBinomial => &[("n", None, PositiveNotNan), ("p", None, UnitPositive)],
            Draw::Geometric => &[("p", None, UnitPositive)],
            Draw::Zipf => &[("a", None, AboveOne)],
            Draw::LogSeries => &[("p", None, UnitBelow)],
            Draw::Hypergeometric => {
                &[("ngood", None, NonNegative), ("nbad", None, NonNegative), ("nsample", None, NonNegative)]
            }
            Draw::Integers
            | Draw::Choice
            | Draw::Permutation
            | Draw::Shuffle
            | Draw::Permuted
            | Draw::Multinomial
            | Draw::Dirichlet => return None,
        };
        let discrete = matches!(
            self,
            Draw::Poisson
                | Draw::Binomial
                | Draw::NegativeBinomial
                | Draw::Geometric
                | Draw::Zipf
                | Draw::LogSeries
                | Draw::Hypergeometric
        );
        Some(Family { params, discrete })
    }
}
