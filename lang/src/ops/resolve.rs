//! Which loop of a ufunc its operands select: NumPy 2's promotion (NEP 50), with Python's numbers as weak operands.

use num_bigint::{BigInt, Sign};
use num_traits::ToPrimitive;

use super::{DTypeRule, Loop, Row, Run};
use crate::dtype::{Casting, DType, Kind, can_cast, promote};
use crate::error::{Class, Error, Result};
use crate::scalar::Scalar;

/// An operand as far as the choice of a loop needs to know it. Python's bool is `Strong(DType::Bool)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operand<'a> {
    /// An array, or a scalar of NumPy's.
    Strong(DType),
    /// A Python int.
    Int(i64),
    /// A Python int outside the range of i64.
    BigInt(&'a BigInt),
    /// A Python float.
    Float,
    /// A Python complex.
    Complex,
}

/// The loop that was chosen.
#[derive(Clone)]
pub struct Resolved {
    /// Its place among the row's loops.
    pub index: usize,
    /// The operands are to be cast to its `ins` (weak ones by `Scalar::from_python_int` and the like, after
    /// `stand_ins`); the results are its `outs`.
    pub chosen: &'static Loop,
    /// Values, of their inputs' dtypes, to use instead of operands (by index): Python ints that those dtypes cannot
    /// hold, with the same results.
    pub stand_ins: Vec<(usize, Scalar)>,
}

impl<'a> Operand<'a> {
    /// The dtype of a strong operand; of a weak one, what it is where nothing else decides.
    fn default_dtype(self) -> DType {
        match self {
            Operand::Strong(d) => d,
            Operand::Int(_) | Operand::BigInt(_) => DType::DEFAULT_INT,
            Operand::Float => DType::DEFAULT_FLOAT,
            Operand::Complex => DType::DEFAULT_COMPLEX,
        }
    }

    fn casts_to(self, to: DType) -> bool {
        match self {
            Operand::Strong(d) => can_cast(d, to, Casting::Safe),
            Operand::Int(_) | Operand::BigInt(_) => !to.is_bool(),
            Operand::Float => to.is_inexact(),
            Operand::Complex => to.is_complex(),
        }
    }

    /// A Python int in that dtype, or why not.
    fn checked(self, dtype: DType) -> Result<()> {
        match self {
            Operand::Int(x) => Scalar::from_python_int(x, dtype).map(drop),
            Operand::BigInt(x) => Scalar::from_python_bigint(x, dtype).map(drop),
            _ => Ok(()),
        }
    }

    fn is_weak(self) -> bool {
        !matches!(self, Operand::Strong(_))
    }
}

/// Bool, integer, inexact: within a category Python's numbers take the other operand's dtype (float32 and complex
/// give complex64).
fn category(d: DType) -> u8 {
    match d.kind() {
        Kind::Bool => 0,
        Kind::Signed | Kind::Unsigned => 1,
        Kind::Float | Kind::Complex => 2,
    }
}

/// The operands with those weak ones made strong that no strong operand outranks: `True + 1`, `int8 + 1.5`.
fn settle<'a>(operands: &[Operand<'a>]) -> Vec<Operand<'a>> {
    let strong = operands.iter().filter(|o| !o.is_weak()).map(|o| category(o.default_dtype())).max();
    let weak = operands.iter().filter(|o| o.is_weak()).map(|o| category(o.default_dtype())).max();
    let settled = |o: &Operand<'a>| {
        let own = o.default_dtype();
        let decides = match strong {
            None => true,
            Some(s) => weak > Some(s) && Some(category(own)) == weak,
        };
        if decides { Operand::Strong(own) } else { *o }
    };
    operands.iter().map(settled).collect()
}

/// NumPy's `result_type`: the dtype of what combines such operands. No operand at all is float64.
pub fn result_type(operands: &[Operand]) -> DType {
    let settled = settle(operands);
    let strong = settled.iter().filter(|o| !o.is_weak()).map(|o| o.default_dtype()).reduce(promote);
    let strong = strong.unwrap_or(DType::F64);
    // What is still weak is of no higher category; only a complex number makes more of a float.
    match strong {
        DType::F32 if settled.contains(&Operand::Complex) => DType::C64,
        DType::F64 if settled.contains(&Operand::Complex) => DType::C128,
        _ => strong,
    }
}

/// Chooses the loop for `operands`, one for each input.
///
/// # Errors
/// TypeError when no loop takes them, NotImplementedError when NumPy's result would be float16, OverflowError when a Python int does
/// not fit the dtype that the other operands give it.
pub fn resolve(row: &Row, operands: &[Operand]) -> Result<Resolved> {
    let Run::Ufunc(loops) = row.run else {
        return Err(Error::type_(format!("'{}' is not a ufunc", row.name)));
    };
    choose(row, loops, operands)
}

/// As `resolve`, among these loops.
pub(super) fn choose(row: &Row, loops: &'static [Loop], operands: &[Operand]) -> Result<Resolved> {
    if let [Operand::BigInt(x)] = operands {
        return resolve_big(row, loops, x);
    }
    let mut settled = settle(operands);
    match row.dtype {
        DTypeRule::Compare => {
            if let Some(found) = compare_beyond(loops, operands) {
                return Ok(found);
            }
        }
        DTypeRule::Truth => return truth(row, loops, operands),
        DTypeRule::TrueDivide if settled.iter().all(|o| category(o.default_dtype()) < 2) => {
            settled = vec![Operand::Strong(DType::F64); operands.len()];
        }
        DTypeRule::NotBool(message) if settled.iter().all(|o| *o == Operand::Strong(DType::Bool)) => {
            return Err(Error::type_(message));
        }
        DTypeRule::Exact => {
            let common = result_type(operands);
            let fits = |l: &Loop| l.ins.iter().all(|d| *d == common);
            let index = loops.iter().position(fits).ok_or_else(|| no_exact_loop(row, operands))?;
            return finish(row, loops, index, operands);
        }
        _ => {}
    }
    let fits = |l: &Loop| settled.iter().zip(l.ins).all(|(o, d)| o.casts_to(*d));
    let index = loops.iter().position(fits).ok_or_else(|| unsupported(row))?;
    finish(row, loops, index, operands)
}

/// As `resolve`, with what `dtype=` and `casting=` say.
///
/// # Errors
/// As `resolve`; TypeError where an operand does not cast to the loop's dtype by that rule.
pub fn resolve_casting(
    row: &Row,
    operands: &[Operand],
    dtype: Option<DType>,
    rule: Casting,
) -> Result<Resolved> {
    let resolved = match dtype {
        None => resolve(row, operands)?,
        Some(dtype) => resolve_dtype(row, operands, dtype, rule)?,
    };
    // Stricter than the search for a loop, which casts safely.
    if matches!(rule, Casting::No | Casting::Equiv) && !matches!(row.dtype, DTypeRule::Truth) {
        for (i, (o, to)) in operands.iter().zip(resolved.chosen.ins).enumerate() {
            if !o.is_weak() && o.default_dtype() != *to {
                return Err(no_cast(row, operands.len(), i, o.default_dtype(), *to, rule));
            }
        }
    }
    Ok(resolved)
}

/// As `resolve` under `dtype=`: the loop with that result, if the operands cast to it by the rule.
///
/// # Errors
/// TypeError when there is no such loop or an operand does not cast; OverflowError as for `resolve`.
pub fn resolve_dtype(row: &Row, operands: &[Operand], dtype: DType, rule: Casting) -> Result<Resolved> {
    let Run::Ufunc(loops) = row.run else {
        return Err(Error::type_(format!("'{}' is not a ufunc", row.name)));
    };
    // A result that is always of this dtype, as a comparison's bool, says nothing about the loop.
    if loops.len() > 1 && loops.iter().all(|l| l.outs.iter().all(|d| *d == dtype)) {
        return resolve(row, operands);
    }
    let natural = |l: &Loop| l.outs.iter().all(|d| *d == dtype) && l.ins.iter().all(|d| *d == l.ins[0]);
    // Loops whose operands differ from their result, as ldexp's, are told apart by what casts.
    let takes = |l: &Loop| {
        let casts = |(o, to): (&Operand, &DType)| o.casts_to(*to) || can_cast(o.default_dtype(), *to, rule);
        operands.iter().zip(l.ins).all(casts)
    };
    let gives = |l: &Loop| l.outs.iter().all(|d| *d == dtype);
    let find = |wanted: &dyn Fn(&Loop) -> bool| loops.iter().position(wanted);
    let found = find(&|l| natural(l) && takes(l)).or_else(|| find(&|l| gives(l) && takes(l)));
    let found = found.or_else(|| find(&natural));
    let Some(index) = found.filter(|_| !matches!(row.dtype, DTypeRule::Compare)) else {
        return Err(Error::type_(format!(
            "No loop matching the specified signature and casting was found for ufunc {}",
            row.name
        )));
    };
    for (i, (o, to)) in operands.iter().zip(loops[index].ins).enumerate() {
        let from = o.default_dtype();
        if !o.casts_to(*to) && !can_cast(from, *to, rule) {
            return Err(no_cast(row, operands.len(), i, from, *to, rule));
        }
    }
    if rule != Casting::Unsafe {
        check_values(operands, loops[index].ins)?;
    }
    Ok(Resolved { index, chosen: &loops[index], stand_ins: Vec::new() })
}

fn no_cast(row: &Row, count: usize, i: usize, from: DType, to: DType, rule: Casting) -> Error {
    let which = if count > 1 { format!("{i} ") } else { String::new() };
    Error::type_(format!(
        "Cannot cast ufunc '{}' input {which}from dtype('{from}') to dtype('{to}') with casting rule '{}'",
        row.name,
        rule.name()
    ))
}

/// Whether a ufunc's result may be stored into an existing array, as `a += b` and `out=` need.
///
/// # Errors
/// TypeError unless `from` casts to `to` within its kind.
pub fn can_store(row: &Row, from: DType, to: DType) -> Result<()> {
    if can_cast(from, to, Casting::SameKind) {
        return Ok(());
    }
    Err(Error::type_(format!(
        "Cannot cast ufunc '{}' output from dtype('{from}') to dtype('{to}') with casting rule 'same_kind'",
        row.name
    )))
}

fn finish(row: &Row, loops: &'static [Loop], index: usize, operands: &[Operand]) -> Result<Resolved> {
    let chosen = &loops[index];
    refuse_half(row, chosen, operands)?;
    check_values(operands, chosen.ins)?;
    Ok(Resolved { index, chosen, stand_ins: Vec::new() })
}

fn check_values(operands: &[Operand], ins: &[DType]) -> Result<()> {
    operands.iter().zip(ins).try_for_each(|(o, d)| o.checked(*d))
}

/// NumPy computes functions of bool, int8 and uint8 in float16, which we lack: another dtype would be another answer.
fn refuse_half(row: &Row, chosen: &Loop, operands: &[Operand]) -> Result<()> {
    let small =
        |o: &Operand| o.is_weak() || matches!(o, Operand::Strong(DType::Bool | DType::I8 | DType::U8));
    let mut single = operands.iter().zip(chosen.ins).filter(|(_, d)| **d == DType::F32).peekable();
    if single.peek().is_none() || !single.all(|(o, _)| small(o)) || chosen.outs == [DType::Bool] {
        return Ok(());
    }
    let dtype = operands.iter().find(|o| !o.is_weak()).map_or(DType::I8, |o| o.default_dtype());
    Err(Error::new(
        Class::NotImplementedError,
        format!("np.{} of {dtype} is float16 in NumPy, which is not supported here", row.name),
    )
    .hint(format!("convert first: np.{}(a.astype(np.float32))", row.name)))
}

/// A single Python int beyond i64: uint64 if it fits, else NumPy makes an object of it.
fn resolve_big(row: &Row, loops: &'static [Loop], x: &BigInt) -> Result<Resolved> {
    if x.to_u64().is_some() {
        let index = loops.iter().position(|l| can_cast(DType::U64, l.ins[0], Casting::Safe));
        let index = index.ok_or_else(|| unsupported(row))?;
        return Ok(Resolved { index, chosen: &loops[index], stand_ins: Vec::new() });
    }
    let name = row.name;
    Err(Error::type_(format!(
        "loop of ufunc does not support argument 0 of type int which has no callable {name} method"
    )))
}

/// Logical functions take each operand by its truth, whatever the dtypes.
fn truth(row: &Row, loops: &'static [Loop], operands: &[Operand]) -> Result<Resolved> {
    let mut dtypes = settle(operands).into_iter().map(Operand::default_dtype);
    let first = dtypes.next().unwrap_or(DType::Bool);
    let dtype =
        if operands.iter().any(|o| o.is_weak()) || dtypes.any(|d| d != first) { DType::Bool } else { first };
    let index = loops.iter().position(|l| l.ins[0] == dtype).ok_or_else(|| unsupported(row))?;
    // The truth of an int is all that counts, and an int beyond the dtype would not fit.
    let beyond = |o: &Operand| match o {
        Operand::Int(x) => Some(*x != 0),
        Operand::BigInt(_) => Some(true),
        _ => None,
    };
    let stand_ins =
        operands.iter().enumerate().filter_map(|(i, o)| beyond(o).map(|t| (i, Scalar::Bool(t)))).collect();
    Ok(Resolved { index, chosen: &loops[index], stand_ins })
}

/// An integer array compared with a Python int that its dtype cannot hold: right by value, not an error.
/// The int is replaced by one in a wider dtype that compares alike with everything in the array's.
fn compare_beyond(loops: &'static [Loop], operands: &[Operand]) -> Option<Resolved> {
    let (at, dtype) = match operands {
        [Operand::Strong(d), Operand::Int(_) | Operand::BigInt(_)] => (1, *d),
        [Operand::Int(_) | Operand::BigInt(_), Operand::Strong(d)] => (0, *d),
        _ => return None,
    };
    let (min, max) = dtype.int_range()?;
    let value = match operands[at] {
        Operand::Int(x) => x as i128,
        // Beyond all dtypes, on the right side.
        Operand::BigInt(x) => {
            x.to_i128().unwrap_or(if x.sign() == Sign::Minus { i128::MIN } else { i128::MAX })
        }
        _ => return None,
    };
    if !dtype.is_bool() && (min..=max).contains(&value) {
        return None;
    }
    // The array in a dtype that holds it, and a stand-in beyond its range on the same side.
    let (array, stand_in) = match dtype {
        DType::U64 if value < 0 => (DType::U64, Scalar::I64(-1)),
        DType::U64 => (DType::F64, Scalar::F64(4e19)),
        DType::I64 if value > 0 => (DType::I64, Scalar::U64(u64::MAX)),
        DType::I64 => (DType::F64, Scalar::F64(-2e19)),
        _ => (DType::I64, Scalar::I64(value.clamp(i64::MIN as i128, i64::MAX as i128) as i64)),
    };
    let mut ins = [array; 2];
    ins[at] = stand_in.dtype();
    let index = loops.iter().position(|l| l.ins == ins)?;
    Some(Resolved { index, chosen: &loops[index], stand_ins: vec![(at, stand_in)] })
}

fn unsupported(row: &Row) -> Error {
    Error::new(
        Class::TypeError,
        format!(
            "ufunc '{}' not supported for the input types, and the inputs could not be safely coerced to any \
             supported types according to the casting rule ''safe''",
            row.name
        ),
    )
}

fn no_exact_loop(row: &Row, operands: &[Operand]) -> Error {
    if !operands.iter().all(|o| matches!(o, Operand::Strong(DType::Bool))) {
        return unsupported(row);
    }
    let given = vec!["<class 'numpy.dtypes.BoolDType'>"; operands.len()];
    let types = if given.len() == 1 { given[0].to_string() } else { format!("({})", given.join(", ")) };
    Error::type_(format!(
        "ufunc '{}' did not contain a loop with signature matching types {types} -> None",
        row.name
    ))
}

#[cfg(test)]
mod tests {
    use super::super::{Module, lookup, row};
    use super::Operand::{Float, Int, Strong};
    use super::*;
    use DType::*;

    fn find(name: &str) -> &'static Row {
        row(lookup(Module::Numpy, name).unwrap_or_else(|| panic!("no row {name}")))
    }

    /// The dtypes and stand-ins chosen, or the error.
    fn choice(name: &str, operands: &[Operand]) -> String {
        match resolve(find(name), operands) {
            Ok(found) => {
                let chars = |d: &[DType]| d.iter().map(|d| d.char()).collect::<String>();
                format!("{}->{} {:?}", chars(found.chosen.ins), chars(found.chosen.outs), found.stand_ins)
            }
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn python_ints_that_do_not_fit() {
        let big = BigInt::from(1) << 70;
        let half = BigInt::from(1u64 << 63);
        let cases: &[(&str, &[Operand], &str)] = &[
            ("add", &[Strong(U8), Int(300)], "OverflowError: Python integer 300 out of bounds for uint8"),
            ("subtract", &[Int(-1), Strong(U8)], "OverflowError: Python integer -1 out of bounds for uint8"),
            (
                "add",
                &[Strong(U8), Operand::BigInt(&big)],
                "OverflowError: Python int too large to convert to C long",
            ),
            ("add", &[Strong(U64), Operand::BigInt(&half)], "LL->L []"),
            ("add", &[Strong(F64), Operand::BigInt(&big)], "dd->d []"),
            (
                "add",
                &[Int(1), Operand::BigInt(&half)],
                "OverflowError: Python int too large to convert to C long",
            ),
            ("sqrt", &[Operand::BigInt(&half)], "d->d []"),
            ("divide", &[Strong(U8), Int(300)], "dd->d []"),
            ("logical_and", &[Strong(U8), Int(300)], "??->? [(1, Bool(true))]"),
        ];
        for (name, operands, expected) in cases {
            assert_eq!(choice(name, operands), *expected, "{name} {operands:?}");
        }
    }

    #[test]
    fn comparisons_are_right_for_any_int() {
        let beyond = BigInt::from(1) << 70;
        let below: BigInt = -&beyond;
        let cases: &[(&[Operand], &str)] = &[
            (&[Strong(U8), Int(3)], "BB->? []"),
            (&[Strong(U8), Int(300)], "ll->? [(1, I64(300))]"),
            (&[Int(-1), Strong(U64)], "lL->? [(0, I64(-1))]"),
            (&[Strong(U64), Operand::BigInt(&beyond)], "dd->? [(1, F64(4e19))]"),
            (&[Strong(I64), Operand::BigInt(&beyond)], "lL->? [(1, U64(18446744073709551615))]"),
            (&[Strong(I64), Operand::BigInt(&below)], "dd->? [(1, F64(-2e19))]"),
            (&[Strong(I8), Operand::BigInt(&below)], "ll->? [(1, I64(-9223372036854775808))]"),
            (&[Strong(Bool), Int(2)], "ll->? [(1, I64(2))]"),
        ];
        for (operands, expected) in cases {
            assert_eq!(choice("less", operands), *expected, "{operands:?}");
        }
    }

    #[test]
    fn refusals_in_numpys_words() {
        let cases: &[(&str, &[Operand], &str)] = &[
            (
                "subtract",
                &[Strong(Bool), Strong(Bool)],
                "TypeError: numpy boolean subtract, the `-` operator, is not supported",
            ),
            (
                "negative",
                &[Strong(Bool)],
                "TypeError: The numpy boolean negative, the `-` operator, is not supported",
            ),
            (
                "positive",
                &[Strong(Bool)],
                "TypeError: ufunc 'positive' did not contain a loop with signature matching types <class",
            ),
            (
                "left_shift",
                &[Strong(F64), Int(1)],
                "TypeError: ufunc 'left_shift' not supported for the input types, and",
            ),
            (
                "sin",
                &[Strong(I8)],
                "NotImplementedError: np.sin of int8 is float16 in NumPy, which is not supported here",
            ),
        ];
        for (name, operands, expected) in cases {
            let ours = choice(name, operands);
            assert!(ours.starts_with(expected), "{name}: {ours}");
        }
    }

    #[test]
    fn a_given_dtype() {
        let given = |name: &str, operands: &[Operand], d: DType| match resolve_dtype(
            find(name),
            operands,
            d,
            Casting::SameKind,
        ) {
            Ok(found) => format!("{:?}", found.chosen.ins),
            Err(e) => e.message,
        };
        assert_eq!(given("add", &[Strong(U8), Int(1)], I32), "[I32, I32]");
        assert_eq!(given("sin", &[Strong(U8)], F32), "[F32]");
        assert_eq!(given("equal", &[Strong(U8), Float], Bool), "[F64, F64]");
        assert_eq!(
            given("sin", &[Strong(U8)], I32),
            "No loop matching the specified signature and casting was found for ufunc sin"
        );
        assert_eq!(
            given("add", &[Strong(F64), Int(1)], I32),
            "Cannot cast ufunc 'add' input 0 from dtype('float64') to dtype('int32') with casting rule 'same_kind'"
        );
        let stored = can_store(find("add"), F64, I64).map_err(|e| e.message);
        assert_eq!(
            stored.unwrap_err(),
            "Cannot cast ufunc 'add' output from dtype('float64') to dtype('int64') with casting rule 'same_kind'"
        );
    }
}
