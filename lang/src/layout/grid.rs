//! The choice of a process grid for a shape.

/// Deals `procs` processes out over the dimensions named in `free` (the distributed ones without a fixed extent),
/// so that the largest block is about as small as it can be, and then the blocks as near to cubes as they can be;
/// of equals, the one with the most processes on the last axes. 8192 x 8192 over 6 is 2 x 3, over a prime 1 x P.
///
/// Returns an extent for each of `free`; their product is `procs`.
pub fn choose_grid(shape: &[usize], free: &[usize], procs: usize) -> Vec<usize> {
    let mut all = Vec::new();
    factorisations(procs, free.len(), &mut Vec::new(), &mut all);
    let volume =
        |grid: &[usize]| free.iter().zip(grid).map(|(&d, &g)| shape[d].div_ceil(g) as f64).product::<f64>();
    let surface =
        |grid: &[usize]| free.iter().zip(grid).map(|(&d, &g)| shape[d] as f64 / g as f64).sum::<f64>();
    let least = all.iter().map(|g| volume(g)).fold(f64::INFINITY, f64::min);
    // A block one eighth larger is not worth a stretched shape, which costs more in every halo.
    all.into_iter()
        .filter(|g| volume(g) <= least * 1.125)
        .min_by(|a, b| {
            (surface(a), volume(a)).partial_cmp(&(surface(b), volume(b))).expect("finite").then(a.cmp(b))
        })
        .unwrap_or_default()
}

/// Every ordered way to write `n` as a product of `parts` factors; `[1]`-filled for no parts only when `n` is 1.
fn factorisations(n: usize, parts: usize, head: &mut Vec<usize>, out: &mut Vec<Vec<usize>>) {
    match parts {
        0 => out.push(head.clone()),
        1 => {
            head.push(n);
            out.push(head.clone());
            head.pop();
        }
        _ => {
            for f in (1..=n).filter(|&f| n.is_multiple_of(f)) {
                head.push(f);
                factorisations(n / f, parts - 1, head, out);
                head.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_match_the_shape() {
        for (shape, procs, grid) in [
            (&[8192, 8192][..], 4, &[2, 2][..]),
            (&[8192, 8192], 6, &[2, 3]),
            (&[8192, 8192], 8, &[2, 4]),
            (&[8192, 8192], 9, &[3, 3]),
            (&[8192, 8192], 12, &[3, 4]),
            (&[8192, 8192], 7, &[1, 7]),
            (&[8192, 8192], 1, &[1, 1]),
            (&[30, 30], 16, &[4, 4]),
            (&[10000, 10], 4, &[4, 1]),
            (&[10, 10000], 6, &[1, 6]),
            (&[64, 64, 64], 8, &[2, 2, 2]),
            (&[64, 64, 64], 12, &[2, 2, 3]),
            (&[5, 9], 4, &[2, 2]),
            (&[0, 9], 4, &[1, 4]),
            (&[7], 5, &[5]),
        ] {
            let free: Vec<usize> = (0..shape.len()).collect();
            assert_eq!(choose_grid(shape, &free, procs), grid, "{shape:?} over {procs}");
        }
        assert_eq!(choose_grid(&[5, 6, 8], &[0, 2], 4), [1, 4]);
        assert!(choose_grid(&[5], &[], 4).is_empty());
    }
}
