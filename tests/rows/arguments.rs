//! Random arguments by the names of parameters. **A new row** needs nothing here where its arguments are arrays, or have
//! names that others have; else add a name to `value`, or the row with a reason to `EXCLUDED` in `main.rs`.

use lang::ops::{Pattern, Row, ShapeRule};

use harness::dice::Dice;
use harness::operand::{DTYPES, array, dist, dtype, fitting, shape, tuple};

/// What the arguments of one call have in common.
pub struct Call<'a> {
    pub dice: &'a mut Dice,
    pub row: &'static Row,
    /// Of the first array; the others fit it.
    pub shape: Option<Vec<usize>>,
    pub dtype: &'static str,
    /// Of the result, where an argument has said so.
    pub new: Option<Vec<usize>>,
}

impl Call<'_> {
    /// The operand's shape: chosen with the first array.
    fn first_shape(&mut self) -> Vec<usize> {
        if let Some(shape) = &self.shape {
            return shape.clone();
        }
        let least = usize::from(!self.dice.once_in(8));
        let new = shape(self.dice, least, 4);
        self.shape = Some(new.clone());
        new
    }

    /// An array that fits those before it.
    pub fn array(&mut self) -> String {
        let first = self.shape.is_none();
        let known = self.first_shape();
        let wanted = match (first, self.row.pattern) {
            (true, _) => known,
            (false, Pattern::Contract) => self.contracted(&known),
            (false, _) => fitting(self.dice, &known),
        };
        if !first && self.dice.once_in(2) {
            self.dtype = dtype(self.dice);
        }
        if !first && self.dice.once_in(8) {
            return self.dice.pick(&["2", "-3", "0.5", "True", "[1, 2]", "1j"]).to_string();
        }
        array(self.dice, &wanted, self.dtype)
    }

    /// A right operand whose last axis but one is as long as the left one's last.
    fn contracted(&mut self, left: &[usize]) -> Vec<usize> {
        let Some((&inner, batch)) = left.split_last() else {
            return shape(self.dice, 0, 2);
        };
        match self.dice.roll(5) {
            0 => vec![inner],
            1 if left.len() > 2 => [&batch[..left.len() - 2], &[inner, 3]].concat(),
            2 => left.to_vec(),
            _ => vec![inner, self.dice.roll(6)],
        }
    }

    fn arrays(&mut self) -> String {
        let shape = self.first_shape();
        let count = self.dice.between(1, 3);
        let grows = !matches!(self.row.name, "stack") && !shape.is_empty();
        let one = |call: &mut Self| {
            let mut shape = shape.clone();
            if grows && call.dice.once_in(3) {
                shape[0] = call.dice.roll(4);
            }
            let dtype = if call.dice.once_in(4) { dtype(call.dice) } else { call.dtype };
            array(call.dice, &shape, dtype)
        };
        let all: Vec<String> = (0..count).map(|_| one(self)).collect();
        format!("[{}]", all.join(", "))
    }

    fn axis(&mut self) -> String {
        let ndim = self.first_shape().len() as i64;
        match self.dice.roll(12) {
            0 => "None".into(),
            1 => self.dice.between(-5, 5).to_string(),
            2 | 3 if ndim > 1 && self.row.pattern == Pattern::Reduce => format!("({}, {})", 0, ndim - 1),
            _ if ndim == 0 => "0".into(),
            _ => self.dice.between(-ndim, ndim - 1).to_string(),
        }
    }

    /// A shape of as many elements.
    fn reshaped(&mut self) -> String {
        let size: usize = self.first_shape().iter().product();
        let divisors: Vec<usize> = (1..=size.max(1)).filter(|d| size.is_multiple_of(*d)).collect();
        let first = self.dice.pick(&divisors);
        match self.dice.roll(5) {
            0 => size.to_string(),
            1 => "-1".into(),
            2 => format!("({first}, -1)"),
            3 => format!("(1, {}, {first})", size / first),
            _ => format!("({first}, {})", size / first),
        }
    }

    fn new_shape(&mut self) -> String {
        if self.dice.once_in(3) {
            let extent = self.dice.roll(9);
            self.new = Some(vec![extent]);
            return extent.to_string();
        }
        let new = shape(self.dice, 0, 3);
        let text = tuple(&new);
        self.new = Some(new);
        text
    }

    fn permutation(&mut self) -> String {
        let mut axes: Vec<usize> = (0..self.first_shape().len()).collect();
        (1..axes.len()).for_each(|i| axes.swap(i, self.dice.roll(i + 1)));
        tuple(&axes)
    }

    /// Integers that index the first axis.
    fn indices(&mut self) -> String {
        let extent = self.first_shape().first().copied().unwrap_or(1).max(1) as i64;
        let count = self.dice.roll(5);
        let all: Vec<String> =
            (0..count).map(|_| self.dice.between(-extent, extent - 1).to_string()).collect();
        format!("np.array([{}], dtype='i8')", all.join(", "))
    }

    /// The argument of that name; `None` where nothing is known of it, or it is not to be given.
    pub fn value(&mut self, name: &str) -> Option<String> {
        let makes = self.row.pattern == Pattern::Create || matches!(self.row.shape, ShapeRule::Given);
        let number = |dice: &mut Dice| dice.pick(&["0", "1", "3", "-2", "0.5", "2.25", "7"]).to_string();
        Some(match name {
            "axis" | "axis1" | "axis2" | "source" | "destination" | "start_axis" => self.axis(),
            "keepdims" | "endpoint" | "retstep" | "sparse" | "increasing" | "invert" | "equal_nan"
            | "return_counts" | "return_index" | "return_inverse" | "descending" | "stable" => {
                self.dice.pick(&["True", "False"]).into()
            }
            "dtype" if self.row.name == "isdtype" => format!("np.dtype('{}')", self.dice.pick(&DTYPES)),
            "dtype" | "type1" | "type2" | "from_" | "to" | "arg1" | "arg2" => {
                format!("'{}'", self.dice.pick(&DTYPES))
            }
            "arrays" | "tup" | "seq" | "arrs" | "xs" => self.arrays(),
            "shape" if self.row.name.contains("gamma") => number(self.dice),
            "new_shape" => self.new_shape(),
            "shape" | "newshape" if !makes && self.row.name.contains("reshape") => self.reshaped(),
            "shape" | "size" => self.new_shape(),
            "axes" => self.permutation(),
            "decimals" | "k" | "offset" | "shift" => self.dice.between(-3, 3).to_string(),
            "N" | "M" | "n" | "num" | "reps" | "repeats" | "ndmin" => self.dice.roll(6).to_string(),
            "start" if !makes => self.dice.between(-2, 3).to_string(),
            "start" | "stop" | "fill_value" | "value" | "initial" | "a_min" | "a_max" | "min" | "max"
            | "step" => number(self.dice),
            "order" => self.dice.pick(&["'C'", "'K'", "'A'"]).into(),
            "kind" if self.row.name == "isdtype" => self
                .dice
                .pick(&["'bool'", "'integral'", "('real floating', 'signed integer')", "'numeric'"])
                .into(),
            "indexing" => self.dice.pick(&["'xy'", "'ij'"]).into(),
            "side" => self.dice.pick(&["'left'", "'right'"]).into(),
            "ddof" | "correction" => self.dice.pick(&["0", "1", "0.5"]).into(),
            "indices" | "obj" | "ind" => self.indices(),
            "indices_or_sections" => {
                self.dice.pick(&["1", "2", "3", "[1]", "[1, 3]", "0", "np.array(2)"]).into()
            }
            "pad_width" => self.dice.pick(&["0", "1", "2", "(1, 2)", "[[1, 0]]", "1.5"]).into(),
            "alpha" => self.dice.pick(&["[1.0, 2.5]", "np.array([0.5, 3, 1])", "[1, -1]", "2"]).into(),
            "q" => self.dice.pick(&["0.5", "0", "1", "0.3"]).into(),
            "bins" if self.row.name == "digitize" => {
                self.dice.pick(&["[0, 2, 4.5]", "[3, 1, 1, -2]", "[]"]).into()
            }
            "bins" => self.dice.between(1, 6).to_string(),
            "seed" => self.dice.roll(1000).to_string(),
            "dist" if self.row.pattern == Pattern::Create => match self.new.take() {
                None if self.shape.as_ref().is_some_and(Vec::is_empty) => return None,
                // What has no shape yet has one axis or more.
                None => self.dice.pick(&["'b'", "'c'", "{0: ('bc', 2)}", "'n'"]).into(),
                Some(shape) if shape.is_empty() => return None,
                Some(shape) => dist(self.dice, &shape),
            },
            _ => return None,
        })
    }
}
