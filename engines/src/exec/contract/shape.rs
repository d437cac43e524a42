//! What is multiplied with what: operands as stacks of matrices, and NumPy's complaints about their shapes.

use lang::error::{Error, Result};

use lang::text::tuple;

/// A product of two stacks of matrices, `(batch..., m, k) @ (batch..., k, n)`; a vector is a matrix of one row or column.
#[derive(Clone, Debug)]
pub struct Product {
    pub m: usize,
    pub k: usize,
    pub n: usize,
    /// The operands' axes before the matrices, and what they broadcast to.
    pub left_batch: Vec<usize>,
    pub right_batch: Vec<usize>,
    pub batch: Vec<usize>,
    /// The operand is a vector: the result lacks `m`, or `n`.
    pub left_vector: bool,
    pub right_vector: bool,
}

const SIGNATURE: &str = "(n?,k),(k,m?)->(n?,m?)";

/// Of `np.matmul`.
///
/// # Errors
/// ValueError in NumPy's words.
pub fn matmul(a: &[usize], b: &[usize]) -> Result<Product> {
    for (i, shape) in [a, b].iter().enumerate() {
        if shape.is_empty() {
            return Err(Error::value(format!(
                "matmul: Input operand {i} does not have enough dimensions (has 0, gufunc core with signature \
                 {SIGNATURE} requires 1)"
            )));
        }
    }
    let product = product(a, b);
    if inner(b) != product.k {
        return Err(Error::value(format!(
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature {SIGNATURE} (size {} \
             is different from {})",
            inner(b),
            product.k
        )));
    }
    let fits = (0..product.batch.len()).all(|d| {
        let extent =
            |batch: &[usize]| (d + batch.len()).checked_sub(product.batch.len()).map_or(1, |i| batch[i]);
        let (x, y) = (extent(&product.left_batch), extent(&product.right_batch));
        x == y || x == 1 || y == 1
    });
    if !fits {
        let mapped = |shape: &[usize], batch: &[usize]| {
            let mut text: Vec<String> = batch.iter().map(|n| n.to_string()).collect();
            text.extend(["newaxis".to_string(), "newaxis".to_string()]);
            format!("{}->({})", tuple(shape).replace(' ', ""), text.join(","))
        };
        let requested: Vec<usize> = [(product.left_vector, product.m), (product.right_vector, product.n)]
            .iter()
            .filter(|(vector, _)| !vector)
            .map(|(_, n)| *n)
            .collect();
        return Err(Error::value(format!(
            "operands could not be broadcast together with remapped shapes [original->remapped]: {} {}  and requested \
             shape {}",
            mapped(a, &product.left_batch),
            mapped(b, &product.right_batch),
            tuple(&requested).replace(' ', "")
        )));
    }
    Ok(product)
}

/// Of `np.dot` of arrays that are no scalars. Its right operand's batch is an outer product with the left one's rows:
/// the left operand counts as one matrix.
///
/// # Errors
/// ValueError in NumPy's words.
pub fn dot(a: &[usize], b: &[usize]) -> Result<Product> {
    let mut product = product(a, b);
    if inner(b) != product.k {
        let axis = if b.len() == 1 { 0 } else { b.len() - 2 };
        return Err(Error::value(format!(
            "shapes {} and {} not aligned: {} (dim {}) != {} (dim {axis})",
            tuple(a).replace(' ', ""),
            tuple(b).replace(' ', ""),
            product.k,
            a.len() - 1,
            inner(b)
        )));
    }
    if crossed(a, b) {
        product.m = a[..a.len() - 1].iter().product();
        product.left_batch.clear();
        product.batch = product.right_batch.clone();
    }
    Ok(product)
}

/// Whether `np.dot` is not `np.matmul`.
pub fn crossed(a: &[usize], b: &[usize]) -> bool {
    a.len() > 1 && b.len() > 2
}

/// The extent of the right operand's axis that is summed over.
fn inner(b: &[usize]) -> usize {
    if b.len() == 1 { b[0] } else { b[b.len() - 2] }
}

fn product(a: &[usize], b: &[usize]) -> Product {
    let batch_of = |shape: &[usize]| shape[..shape.len().saturating_sub(2)].to_vec();
    let (left_batch, right_batch) = (batch_of(a), batch_of(b));
    let len = left_batch.len().max(right_batch.len());
    let extent = |batch: &[usize], d: usize| (d + batch.len()).checked_sub(len).map_or(1, |i| batch[i]);
    // Where they do not broadcast, `matmul` refuses.
    let batch = (0..len)
        .map(|d| match (extent(&left_batch, d), extent(&right_batch, d)) {
            (1, y) => y,
            (x, _) => x,
        })
        .collect();
    Product {
        m: if a.len() > 1 { a[a.len() - 2] } else { 1 },
        k: a[a.len() - 1],
        n: if b.len() > 1 { b[b.len() - 1] } else { 1 },
        left_batch,
        right_batch,
        batch,
        left_vector: a.len() == 1,
        right_vector: b.len() == 1,
    }
}

impl Product {
    /// The result's shape, of `matmul`.
    pub fn shape(&self) -> Vec<usize> {
        let mut shape = self.batch.clone();
        shape.extend((!self.left_vector).then_some(self.m));
        shape.extend((!self.right_vector).then_some(self.n));
        shape
    }

    /// About how many nanoseconds a rank takes for its share of so many equal ones.
    pub fn nanoseconds(&self, shares: usize) -> usize {
        let batch = self.batch.iter().fold(1, |n: usize, &extent| n.saturating_mul(extent));
        [self.m, self.k, self.n].iter().fold(batch, |n, &extent| n.saturating_mul(extent)) / shares
    }

    /// For each matrix of the result, which of each operand's matrices make it.
    pub fn pairs(&self) -> Vec<(usize, usize)> {
        let strides = |batch: &[usize]| {
            let mut strides = vec![0; self.batch.len()];
            let mut stride = 1;
            for (d, &n) in batch.iter().enumerate().rev() {
                strides[self.batch.len() - batch.len() + d] = if n == 1 { 0 } else { stride };
                stride *= n;
            }
            strides
        };
        let (left, right) = (strides(&self.left_batch), strides(&self.right_batch));
        let total: usize = self.batch.iter().product();
        (0..total)
            .map(|mut at| {
                let (mut x, mut y) = (0, 0);
                for d in (0..self.batch.len()).rev() {
                    let i = at % self.batch[d];
                    at /= self.batch[d];
                    (x, y) = (x + i * left[d], y + i * right[d]);
                }
                (x, y)
            })
            .collect()
    }
}
