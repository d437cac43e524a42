//! Python's `cmath` module.

use super::{Cmath, Host, Module, Row};

pub const ROWS: &[Row] = &[
    cmath("cos", "(z, /)", "The cosine of a complex number.", "cmath.cos(1j)", "a complex", Cmath::Cos),
    cmath(
        "cosh",
        "(z, /)",
        "The hyperbolic cosine of a complex number.",
        "cmath.cosh(1j)",
        "a complex",
        Cmath::Cosh,
    ),
    cmath("exp", "(z, /)", "e to a complex power.", "cmath.exp(1j * cmath.pi / 2)", "a complex", Cmath::Exp),
    cmath(
        "isclose",
        "(a, b, *, rel_tol=1e-09, abs_tol=0.0)",
        "Whether two numbers agree within tolerances.",
        "cmath.isclose(1j, 1j + 1e-12)",
        "a bool",
        Cmath::Isclose,
    ),
    cmath(
        "isfinite",
        "(z, /)",
        "Whether both parts are neither infinite nor nan.",
        "cmath.isfinite(1 + 2j)",
        "a bool",
        Cmath::Isfinite,
    ),
    cmath(
        "isinf",
        "(z, /)",
        "Whether a part is infinite.",
        "cmath.isinf(complex(1, cmath.inf))",
        "a bool",
        Cmath::Isinf,
    ),
    cmath("isnan", "(z, /)", "Whether a part is nan.", "cmath.isnan(cmath.nan)", "a bool", Cmath::Isnan),
    cmath(
        "log",
        "(z, base=e, /)",
        "The natural logarithm of a complex number, or that of a base.",
        "cmath.log(-1)",
        "a complex",
        Cmath::Log,
    ),
    cmath(
        "log10",
        "(z, /)",
        "The logarithm of a complex number to base 10.",
        "cmath.log10(-100)",
        "a complex",
        Cmath::Log10,
    ),
    cmath(
        "phase",
        "(z, /)",
        "The angle of a complex number, between -pi and pi.",
        "cmath.phase(1 + 1j)",
        "a float",
        Cmath::Phase,
    ),
    cmath(
        "polar",
        "(z, /)",
        "The magnitude and the angle of a complex number.",
        "cmath.polar(3 + 4j)",
        "a pair",
        Cmath::Polar,
    ),
    cmath(
        "rect",
        "(r, phi, /)",
        "The complex number of a magnitude and an angle.",
        "cmath.rect(2, cmath.pi)",
        "a complex",
        Cmath::Rect,
    ),
    cmath("sin", "(z, /)", "The sine of a complex number.", "cmath.sin(1j)", "a complex", Cmath::Sin),
    cmath(
        "sinh",
        "(z, /)",
        "The hyperbolic sine of a complex number.",
        "cmath.sinh(1j)",
        "a complex",
        Cmath::Sinh,
    ),
    cmath(
        "sqrt",
        "(z, /)",
        "The square root of a complex number, its real part not negative.",
        "cmath.sqrt(-4)",
        "a complex",
        Cmath::Sqrt,
    ),
];

const fn cmath(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    result: &'static str,
    function: Cmath,
) -> Row {
    let row = super::objects::builtin(name, signature, doc, example, result, Host::Cmath(function));
    Row { module: Module::Cmath, ..row }
}
