//! Functions that are called for what they print: products, sets, histograms, sorts by keys, random numbers, nan.

use harness::operand::{dist, tuple};
use lang::dtype::{DType, Kind};

use crate::expr::bracketed;
use crate::maker::Maker;
use crate::term::Term;

impl Maker {
    /// A call of something that has no statement of its own.
    pub fn extra(&mut self) -> String {
        match self.dice.roll(8) {
            0 => self.multiplied(),
            1 => self.counted(),
            2 => self.drawn(),
            3 => self.undefined(),
            4 => self.solved(),
            5 => self.picked(),
            6 => self.cut(),
            _ => self.listed(),
        }
    }

    /// An array of integers that a name holds, or of its kind; of at least one axis.
    fn integers(&mut self, ndim: usize) -> Term {
        let found = self.target(|t| t.dtype.is_integer() && t.ndim() == ndim && t.size() < 400);
        found.unwrap_or_else(|| {
            let shape: Vec<usize> = (0..ndim).map(|_| self.dice.between(1, 6) as usize).collect();
            self.fresh(&shape, DType::I64)
        })
    }

    fn multiplied(&mut self) -> String {
        let (a, v) = (self.integers(2), self.integers(1));
        let [m, n] = a.shape[..] else { return self.digest() };
        let (t, u) = (&a.text, &v.text);
        let of = |maker: &mut Maker, shape: &[usize]| maker.fresh(shape, DType::I64).text;
        match self.dice.roll(15) {
            0 => format!("show(np.einsum('ij->ji', {t}), np.einsum('ij->', {t}))"),
            1 => format!("show(np.einsum('ij,ij->i', {t}, {}))", of(self, &[m, n])),
            2 => format!("show(np.einsum('ij,jk->ki', {t}, {}))", of(self, &[n, 3])),
            3 => format!("show(np.einsum('ij,k->ikj', {t}, {u}))"),
            4 => format!("show(np.einsum('ij,j,i->', {t}, {}, {}))", of(self, &[n]), of(self, &[m])),
            5 => format!("show(np.outer({u}, {u}), np.inner({u}, {u}))"),
            6 => format!("show(np.tensordot({t}, {}, axes=1))", of(self, &[n, 2])),
            7 => format!("show(np.tensordot({t}, {}, axes=([0], [1])))", of(self, &[2, m])),
            8 => format!("show(np.kron({t}[:2, :2], {}))", of(self, &[2, 2])),
            9 => format!("show(np.trace({t}), np.diagonal({t}), np.diag({t}, 1))"),
            10 => format!("show(np.vdot({u}, {u}), np.dot({t}, {}))", of(self, &[n])),
            11 => format!("show(np.add.outer({u}, {t}[0]))"),
            12 => format!("show(np.convolve({u}, [1, 2, -1]), np.vander({u}[:4] % 3, 3))"),
            13 => format!("show(np.matmul({}, {t}))", of(self, &[2, 3, m])),
            _ => format!("show({t}.dot({t}.T), np.matmul({t}.T, {t}))"),
        }
    }

    fn counted(&mut self) -> String {
        let ndim = self.dice.between(1, 2) as usize;
        let a = self.integers(ndim);
        let flat = if ndim == 1 { a.text.clone() } else { format!("{}.ravel()", bracketed(&a.text)) };
        let (t, k) = (&a.text, self.dice.between(1, 5));
        match self.dice.roll(14) {
            0 => format!("show(np.bincount(np.abs({flat} % 7)), np.bincount({flat} % 4 % 3, minlength={k}))"),
            1 => format!("show(*np.histogram({t}, bins={k}, range=(-4, 9)))"),
            2 => format!("show(*np.histogram({t}, bins=[-3, 0, 2, 5]))"),
            3 => format!(
                "show(np.digitize({t}, [0, 2, 3]), np.searchsorted(np.sort({flat}), [{k}, 0, 2], side='right'))"
            ),
            4 => format!("show(*np.unique({t}, return_counts=True, return_inverse=True))"),
            5 => format!("show(np.union1d({t} % 50, [1, {k}]), np.setdiff1d({t} % 50, [2, {k}]))"),
            6 => format!("show(np.isin({t}, [0, {k}]), np.intersect1d({t} % 50, np.arange({k})))"),
            7 => {
                format!("show(np.median({t}), np.percentile({t}, 25), np.quantile({t}, [0, 0.5, 1], axis=0))")
            }
            8 => format!("show(np.lexsort(({flat}, {flat} % 3)), np.argsort({t}, axis=0, kind='stable'))"),
            9 => format!("show(np.take_along_axis({t}, np.argsort({t}, axis=-1, kind='stable'), axis=-1))"),
            10 if a.size() > 0 => {
                format!("show(np.add.reduceat({flat}, [0, {} % {1}, 0]))", k, a.size().max(1))
            }
            11 => format!("show(np.ptp({t}), np.average({t}, axis=0), np.cumprod({t} % 3, axis=-1))"),
            12 => format!("show(*np.divmod({t}, {k}), np.gcd({t}, {k} * 6))"),
            _ => format!(
                "show(np.interp([0.5, {k}], [0, 1, 4], [1, 3, -3]), np.diff({t}, axis=0), np.ediff1d({t}))"
            ),
        }
    }

    /// Numbers of a stream; what comes next says that it stands where NumPy's does.
    fn drawn(&mut self) -> String {
        if self.depth > 0 {
            return self.digest();
        }
        let shape = self.any_shape();
        let seed = self.dice.roll(1000);
        let spread =
            if shape.is_empty() { String::new() } else { format!(", dist={}", dist(&mut self.dice, &shape)) };
        let size = tuple(&shape);
        let g = self.name("g");
        let memory = self.memory();
        let (text, dtype, frac) = match self.dice.roll(4) {
            0 => (format!("{g}.integers(-5, 9, size={size}{spread})"), DType::I64, 0),
            1 => (format!("{g}.integers(0, 200, size={size}, dtype='u1'{spread})"), DType::U8, 0),
            2 => (format!("np.rint({g}.random({size}{spread}) * 8)"), DType::F64, 0),
            _ => (format!("{g}.choice([2, 5, 7], size={size})"), DType::I64, 0),
        };
        let term = Term { text, shape: shape.clone(), dtype, mag: 8, frac, exact: true, memory };
        let mut lines = vec![format!("{g} = np.random.default_rng({seed})"), self.bind(term)];
        let v = self.live.last().expect("just bound").text.clone();
        if !shape.is_empty() {
            let more = match self.dice.roll(6) {
                0 => format!("{g}.shuffle({v})"),
                1 => format!("show({g}.permutation({v}))"),
                2 => format!("show({g}.permutation({}))", self.dice.roll(9)),
                3 => format!("{v}[...] = {g}.permuted({v}, axis=0)"),
                4 => format!("show({g}.normal(size={size}), {g}.exponential(2, size=3))"),
                _ => format!("show({g}.random(), {g}.integers(10))"),
            };
            lines.push(more);
        }
        lines.push(format!("show({g}.integers(1000))"));
        lines.join("\n")
    }

    /// nan and inf, where functions treat them apart.
    fn undefined(&mut self) -> String {
        let a = self.array_where(|t| t.dtype == DType::F64 && t.exact && t.ndim() > 0 && t.mag + t.frac < 30);
        let mask = self.mask(&a.shape);
        let value = self.dice.pick(&["np.nan", "np.nan", "np.inf", "-np.inf", "-0.0"]);
        let n = self.name("n");
        let made = format!("{n} = np.where({mask}, {value}, {})", a.text);
        let axis = self.dice.roll(a.ndim());
        let some = a.size() > 0;
        let tail = match self.dice.roll(10) {
            0 => format!("np.sort({n}, axis={axis}), np.argsort({n}, axis={axis}, kind='stable')"),
            1 => format!("np.nansum({n}, axis={axis}), np.isnan({n}).sum(), np.isfinite({n})"),
            2 if some => format!("np.max({n}), np.min({n}), np.argmax({n}), np.argmin({n}, axis={axis})"),
            3 => format!("np.maximum({n}, 1), np.fmin({n}, 1), np.sign({n}), np.clip({n}, -1, 2)"),
            4 => format!("np.unique({n}), {n} == {n}, {n} > 0"),
            5 => format!("np.cumsum({n}, axis={axis}), np.nan_to_num({n}, posinf=9, neginf=-9)"),
            6 => format!("np.sum({n}), np.prod({n} > 0), np.any({n}), np.count_nonzero({n})"),
            7 => format!("np.maximum.accumulate({n}, axis={axis}), 1 / {n} > 0, {n} // 2, {n} % 3"),
            8 => format!(
                "np.array_equal({n}, {n}), np.array_equal({n}, {n}, equal_nan=True), np.isclose({n}, 1, equal_nan=True)"
            ),
            _ => format!("np.floor({n}), {n} * 0, {n} - {n}, np.signbit({n}), np.median({n})"),
        };
        format!("{made}\nshow({tail})")
    }

    /// Small systems that are far from singular.
    fn solved(&mut self) -> String {
        let n = self.dice.between(1, 6) as usize;
        let (a, b) = (self.fresh(&[n, n], DType::F64), self.fresh(&[n, 2], DType::F64));
        let m = self.name("m");
        let made = format!("{m} = {} + 40 * np.eye({n})", a.text);
        let b = b.text;
        let tail = match self.dice.roll(9) {
            0 => format!("np.linalg.solve({m}, {b})"),
            1 => format!("np.linalg.inv({m}) * 64"),
            2 => format!("np.linalg.det({m} / 40), np.linalg.slogdet({m})[1]"),
            3 => format!("np.linalg.norm({m}), np.linalg.norm({b}, axis=0), np.linalg.norm({m}, 1)"),
            4 => format!("np.linalg.matrix_power({m} / 40, 3)"),
            5 => format!("np.linalg.eigvalsh({m} + {m}.T)"),
            6 => format!("np.linalg.cholesky({m} + {m}.T)"),
            7 => format!("np.linalg.lstsq({m}, {b})[0]"),
            _ => format!(
                "np.abs(np.fft.fft({b}, axis=0)), np.fft.ifft(np.fft.fft({b}[:, 0])).real, np.fft.rfft({m}).shape"
            ),
        };
        format!("{made}\nshow({tail})")
    }

    fn picked(&mut self) -> String {
        let a = self.array_where(|t| t.ndim() > 0 && t.size() > 0 && t.size() < 400);
        let n = a.shape[0];
        let (t, k) = (&a.text, self.dice.between(0, n as i64 - 1));
        let of = bracketed(t);
        match self.dice.roll(12) {
            0 => format!("show(np.delete({t}, {k}, axis=0), np.insert({t}, {k}, 5, axis=0))"),
            1 => format!("show(np.delete({t}, [0, {k}]), np.append({t}, 3))"),
            2 => format!("show(*np.array_split({t}, 3))"),
            3 => format!("show(np.compress([True, False, True][:{n}], {t}, axis=0))"),
            4 => format!("show({of}.flat[{k}], {of}.flat[::3])"),
            5 if self.live.iter().any(|live| live.text == a.text) => {
                format!("{t}.flat[{k}::2] = {}", self.dice.roll(5))
            }
            6 => format!("show(np.choose({} % 2, [{t}, {t}[::-1]]))", self.whole(&a.shape)),
            7 => format!("show(np.select([{}, {}], [{t}, 7], 1))", self.mask(&a.shape), self.mask(&a.shape)),
            8 => format!("show({t}[np.ix_(*[[n - 1, 0] for n in {of}.shape])])"),
            9 => format!(
                "show(np.broadcast_to({t}, {}), np.rot90(np.atleast_2d({t}), {k}))",
                tuple(&[&[2][..], &a.shape].concat())
            ),
            10 => format!(
                "show({t}.reshape(-1)[np.unravel_index({k}, {})[0]], np.ravel_multi_index(({k},), ({n},)))",
                tuple(&a.shape)
            ),
            _ => format!("show(*np.nonzero({t}), np.argwhere({t}))"),
        }
    }

    fn whole(&mut self, shape: &[usize]) -> String {
        self.fresh(shape, DType::I64).text
    }

    fn cut(&mut self) -> String {
        let a = self.array_where(|t| t.ndim() > 0 && t.size() < 400 && t.exact);
        let t = &a.text;
        match self.dice.roll(9) {
            0 => format!("show(np.hstack([{t}, {t}]), np.vstack([{t}, {t}]))"),
            1 => format!("show(np.column_stack([{t}, {t}]), np.dstack([{t}]))"),
            2 if a.ndim() == 2 => format!("show(np.block([[{t}, {t}], [{t}, {t}]]))"),
            3 => format!("print({t})"),
            4 => format!("print(repr({t}))"),
            5 if a.ndim() == 2 => format!("show(np.diag({t}), np.tril({t}, -1))"),
            6 if a.ndim() == 1 => format!("show(*np.meshgrid({t}, [1, 2]))"),
            7 if a.dtype.kind() == Kind::Float && a.shape[0] > 2 => {
                format!("show(np.gradient({t}, axis=0), np.trapezoid({t}, axis=0))")
            }
            8 => format!("show({0}.astype('?'), {0}.dtype.kind, {0}.nbytes, {0}.ndim)", bracketed(t)),
            _ => format!("show(np.allclose({t}, {t}), np.array_equal({t}, {t}[::-1]))"),
        }
    }

    /// Python's own loops over arrays.
    fn listed(&mut self) -> String {
        let a = self.array_where(|t| t.ndim() > 0 && t.size() > 0 && t.size() < 100 && t.exact);
        let t = &a.text;
        let i = self.name("i");
        match self.dice.roll(8) {
            0 => format!("for {i} in {t}:\n    show({i})"),
            1 => format!("show(np.stack([{t}[{i}] * {i} for {i} in range({})]))", a.shape[0]),
            2 => format!("print(sum({i}.sum().item() for {i} in {t}), len({t}))"),
            3 => format!("print([{i}.tolist() for {i} in {t}[::-1]])"),
            4 => format!("print({{int({i}) for {i} in np.ravel({t} != 0)}})"),
            5 => format!("print({0}.item(0), {0}.tolist())", bracketed(t)),
            6 => format!("for {i}, row in enumerate({t}):\n    print({i}, np.count_nonzero(row))"),
            _ => format!("print(np.array([{t}[0], {t}[-1]]).tolist(), max({t}.shape), {t}.size)"),
        }
    }
}
