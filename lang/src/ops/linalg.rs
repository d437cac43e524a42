//! `np.linalg`: solvers and factorisations, by executors; the rest is composed of them (`prelude/linalg.py`).

use super::{DTypeRule, LinAlg, Module, Pattern, Row, Run, ShapeRule};

/// Integers and bool count as float64.
const INEXACT: DTypeRule = DTypeRule::Custom("the operand's where it is inexact, else float64");

const fn row(
    name: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    shape: &'static str,
    run: LinAlg,
) -> Row {
    Row {
        name,
        module: Module::Linalg,
        aliases: &[],
        signature,
        method: None,
        doc,
        example,
        pattern: Pattern::Factor,
        dtype: INEXACT,
        shape: ShapeRule::Custom(shape),
        run: Run::LinAlg(run),
    }
}

pub const ROWS: &[Row] = &[
    row(
        "solve",
        "(a, b)",
        "The solution `x` of `a @ x = b`.\n\n`b` is a vector, or a stack of matrices whose columns are the right-hand sides; stacks broadcast. LinAlgError for a singular matrix. Single precision is computed in double.\n\nA large matrix is factored by all ranks together: LU with partial pivoting, right-looking, by panels of columns dealt out in turn (as ScaLAPACK's on a grid of one row). Communication: each panel goes to all ranks twice, `n^2` elements in `2 n / w` broadcasts for panels of `w` columns, and the matrix to that layout and back. A small one is gathered to every rank.",
        "np.linalg.solve(np.array([[2.0, 0.0], [0.0, 4.0]]), np.array([1.0, 2.0]))",
        "b's",
        LinAlg::Solve,
    ),
    row(
        "inv",
        "(a)",
        "The inverse of a matrix, or of each of a stack.\n\nLinAlgError for a singular matrix. Communication: as `solve` with the identity.",
        "np.linalg.inv(np.array([[2.0, 0.0], [0.0, 4.0]]))",
        "a's",
        LinAlg::Inv,
    ),
    row(
        "det",
        "(a)",
        "The determinant of a matrix, or of each of a stack, by LU.\n\nCommunication: half of that of `solve`.",
        "np.linalg.det(np.array([[1.0, 2.0], [3.0, 4.0]]))",
        "a.shape[:-2]",
        LinAlg::Det,
    ),
    row(
        "slogdet",
        "(a)",
        "The sign and the logarithm of the absolute value of the determinant, named `sign` and `logabsdet`.\n\nA singular matrix has 0 and -inf. Communication: as `det`.",
        "np.linalg.slogdet(np.eye(3) * 1e200)",
        "a.shape[:-2], twice",
        LinAlg::SlogDet,
    ),
    row(
        "cholesky",
        "(a, /, *, upper=False)",
        "The lower triangular `L` of `a = L @ L.conj().T`, or the upper triangular `U` of `a = U.conj().T @ U`.\n\nOnly the triangle of the result is read. LinAlgError where the matrix is not positive definite. A large matrix is factored by all ranks together, right-looking, by panels of columns dealt out in turn. Communication: each panel goes to all ranks once, `n^2 / 2` elements in `n / w` broadcasts for panels of `w` columns. A small one is gathered to every rank.",
        "np.linalg.cholesky(np.array([[4.0, 2.0], [2.0, 5.0]]))",
        "a's",
        LinAlg::Cholesky,
    ),
    row(
        "qr",
        "(a, mode='reduced')",
        "The orthonormal `Q` and the upper triangular `R` of `a = Q @ R`, by Householder's reflectors with LAPACK's signs.\n\nModes are 'reduced', 'complete', 'r' (R alone) and 'raw' (the reflectors, as LAPACK's geqrf and NumPy have them). A large matrix of at least as many rows on each rank as columns is factored by blocks of rows: TSQR (Demmel, Grigori, Hoemmen and Langou, 2012), `2 log2 P` messages of `n^2` elements a rank. Others by panels of columns dealt out in turn: each panel's reflectors go to all ranks, `m n` elements in `n / w` broadcasts for panels of `w` columns, and once more for Q. A small one is gathered to every rank.",
        "np.linalg.qr(np.array([[3.0, 1.0], [4.0, 2.0]]), mode='r')",
        "as the mode says",
        LinAlg::Qr,
    ),
    row(
        "svd",
        "(a, full_matrices=True, compute_uv=True, hermitian=False)",
        "Singular values in descending order, with vectors: `a = U @ diag(S) @ Vh`, named `U`, `S` and `Vh`; `S` alone where `compute_uv` is false.\n\nThe vectors' signs are arbitrary, and need not be NumPy's. LinAlgError where there is no convergence, or an element is not finite. A matrix of up to 4096 x 4096 elements is gathered to every rank. A larger one is done by all ranks together, by one-sided block Jacobi (Hestenes; tournament of Brent and Luk, 1985). Communication: in a sweep each rank sends its columns to its neighbours `2 P - 1` times; six to ten sweeps.",
        "np.linalg.svd(np.array([[3.0, 0.0], [0.0, -2.0]]), compute_uv=False)",
        "(..., m, m), (..., k), (..., n, n)",
        LinAlg::Svd,
    ),
    row(
        "svdvals",
        "(x, /)",
        "Singular values in descending order.\n\nAs `svd` without vectors.",
        "np.linalg.svdvals(np.array([[3.0, 0.0], [0.0, -2.0]]))",
        "(..., min(m, n))",
        LinAlg::SvdVals,
    ),
    row(
        "eigh",
        "(a, UPLO='L')",
        "Eigenvalues in ascending order, and eigenvectors, of a Hermitian matrix of which one triangle is read; named `eigenvalues` and `eigenvectors`.\n\nThe vectors' signs are arbitrary, and need not be NumPy's. A matrix of up to 4096 x 4096 elements is gathered to every rank. A larger one is done by all ranks together, by block Jacobi. Communication: in a sweep each rank sends its columns, and those of the eigenvectors, to its neighbours `2 P - 1` times; six to ten sweeps.",
        "np.linalg.eigh(np.array([[2.0, 1.0], [1.0, 2.0]])).eigenvalues",
        "(..., n), (..., n, n)",
        LinAlg::Eigh,
    ),
    row(
        "eigvalsh",
        "(a, UPLO='L')",
        "Eigenvalues of a Hermitian matrix in ascending order.\n\nAs `eigh`.",
        "np.linalg.eigvalsh(np.array([[2.0, 1.0], [1.0, 2.0]]))",
        "(..., n)",
        LinAlg::EigValsh,
    ),
    row(
        "eig",
        "(a)",
        "Eigenvalues, in no certain order, and right eigenvectors of a square matrix, named `eigenvalues` and `eigenvectors`; complex where one of them is.\n\nLinAlgError for infinities and nans. A matrix is gathered to every rank, whatever its size; MemoryError where it does not fit. A stack's matrices are shared out.",
        "np.linalg.eig(np.array([[2.0, 0.0], [0.0, 2.0]])).eigenvalues",
        "(..., n), (..., n, n)",
        LinAlg::Eig,
    ),
    row(
        "eigvals",
        "(a)",
        "Eigenvalues of a square matrix, in no certain order; complex where one of them is.\n\nGathered to every rank, as `eig`.",
        "np.linalg.eigvals(np.array([[2.0, 0.0], [0.0, 2.0]]))",
        "(..., n)",
        LinAlg::EigVals,
    ),
];
