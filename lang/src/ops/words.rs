//! What a row's rules say, in words: for help and for the reference page.

use super::{DTypeRule, Module, Pattern, ShapeRule};

impl Module {
    /// How a program writes a name of the module.
    pub fn qualified(self, name: &str) -> String {
        match self {
            Module::Python | Module::DistArray | Module::Widgets => name.to_string(),
            Module::Numpy => format!("np.{name}"),
            Module::Random => format!("np.random.{name}"),
            Module::Fft => format!("np.fft.{name}"),
            Module::Linalg => format!("np.linalg.{name}"),
            Module::Math => format!("math.{name}"),
            Module::Cmath => format!("cmath.{name}"),
            Module::Time => format!("time.{name}"),
            Module::Sys => format!("sys.{name}"),
            Module::String => format!("string.{name}"),
            Module::Itertools => format!("itertools.{name}"),
            Module::Functools => format!("functools.{name}"),
            Module::Operator => format!("operator.{name}"),
            Module::Heapq => format!("heapq.{name}"),
            Module::Bisect => format!("bisect.{name}"),
            Module::Collections => format!("collections.{name}"),
            Module::Copy => format!("copy.{name}"),
            Module::Matplotlib => format!("matplotlib.{name}"),
            Module::Pyplot => format!("plt.{name}"),
            Module::Colors => format!("matplotlib.colors.{name}"),
            Module::Exceptions => format!("np.exceptions.{name}"),
            Module::Array | Module::ArrayAttr => format!("a.{name}"),
            Module::Ufunc => format!("np.add.{name}"),
            Module::Generator => format!("rng.{name}"),
            Module::Distribution => format!("a.distribution.{name}"),
        }
    }
}

impl Pattern {
    /// What moves between ranks.
    pub fn words(self) -> &'static str {
        match self {
            Pattern::Host => "nothing moves; every rank has the values",
            Pattern::Elementwise => {
                "nothing moves where the operands share a layout; else they are brought to one"
            }
            Pattern::Reduce => "each rank reduces its part, then the parts are combined",
            Pattern::Sort => "parts are sorted, cut at exact splitters, dealt out once and merged",
            Pattern::Scan => "each rank scans its part, then the ranks' totals are passed on",
            Pattern::Contract => "blocks of the operands are exchanged",
            Pattern::Factor => "panels of columns go to all ranks; small matrices are gathered",
            Pattern::Index => "the elements asked for are fetched from their owners",
            Pattern::Rearrange => "a view where it can be one; else elements move to their new owners",
            Pattern::Redistribute => "elements move to their new owners",
            Pattern::Create => "nothing moves; each rank makes its part",
            Pattern::Io => "each rank reads or writes its part of the file",
            Pattern::Show => "what is shown is fetched",
            Pattern::Composed => "as the functions that it is made of",
        }
    }
}

impl DTypeRule {
    /// The dtype of the result.
    pub fn words(self) -> String {
        match self {
            DTypeRule::Loops => "by NumPy's promotion (NEP 50)".to_string(),
            DTypeRule::TrueDivide => "of the operands' promotion; float64 for integers".to_string(),
            DTypeRule::Compare | DTypeRule::Truth => "bool".to_string(),
            DTypeRule::Exact | DTypeRule::Promote => "of the operands' promotion".to_string(),
            DTypeRule::NotBool(_) => "of the operands' promotion; not for bools".to_string(),
            DTypeRule::Same => "as the operand".to_string(),
            DTypeRule::Fixed(dtype) => dtype.to_string(),
            DTypeRule::Given(dtype) => format!("as `dtype` says, else {dtype}"),
            DTypeRule::Custom(words) => words.to_string(),
        }
    }
}

impl ShapeRule {
    /// The shape of the result.
    pub fn words(self) -> &'static str {
        match self {
            ShapeRule::Broadcast => "the operands broadcast together",
            ShapeRule::DropAxis => "without the axes reduced",
            ShapeRule::Same => "as the operand",
            ShapeRule::Given => "as given",
            ShapeRule::Scalar => "a scalar",
            ShapeRule::Custom(words) => words,
        }
    }
}
