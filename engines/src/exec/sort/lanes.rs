//! Lanes: the elements of a block along one axis, laid out one after the other.

/// A block in C order: `outer` times `along` rows of `inner` elements. A lane is what differs in `along` alone.
#[derive(Clone, Copy, Debug)]
pub struct Lanes {
    pub outer: usize,
    pub along: usize,
    pub inner: usize,
}

/// Elements copied at a time in both directions, so that neither leaves the cache.
const TILE: usize = 32;

impl Lanes {
    pub fn new(shape: &[usize], axis: usize) -> Lanes {
        Lanes {
            outer: shape[..axis].iter().product(),
            along: shape[axis],
            inner: shape[axis + 1..].iter().product(),
        }
    }

    pub fn count(&self) -> usize {
        self.outer * self.inner
    }

    /// Calls `f` with each element's place in the block and among the lanes.
    fn each(&self, mut f: impl FnMut(usize, usize)) {
        let &Lanes { outer, along, inner } = self;
        for o in 0..outer {
            let base = o * along * inner;
            for j0 in (0..inner).step_by(TILE) {
                for k0 in (0..along).step_by(TILE) {
                    for j in j0..(j0 + TILE).min(inner) {
                        for k in k0..(k0 + TILE).min(along) {
                            f(base + k * inner + j, base + j * along + k);
                        }
                    }
                }
            }
        }
    }

    /// Lane after lane.
    pub fn lay<T: bytemuck::Pod>(&self, block: &[T]) -> Vec<T> {
        if self.inner == 1 {
            return block.to_vec();
        }
        let mut lanes = vec![T::zeroed(); block.len()];
        self.each(|from, to| lanes[to] = block[from]);
        lanes
    }

    /// Back to the order of the block.
    pub fn put<T: bytemuck::Pod>(&self, lanes: &[T], block: &mut [T]) {
        if self.inner == 1 {
            return block.copy_from_slice(lanes);
        }
        self.each(|to, from| block[to] = lanes[from]);
    }
}
