//! The memory behind arrays: a block, who still has to read it, and what it mirrors.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use lang::dtype::DType;
use lang::layout::Layout;

use super::{Array, Inner, Strided};
use crate::block::Block;

/// Pending results, in the order in which they were recorded.
pub(crate) type Readers = Rc<RefCell<Vec<Weak<Inner>>>>;

/// A rank's block of an array that was made, not viewed.
pub(crate) struct Storage {
    pub dtype: DType,
    pub layout: Arc<Layout>,
    pub block: RefCell<Block>,
    /// Counts writes.
    pub version: Cell<u64>,
    /// Pending results that read this memory, or a mirror of it: they are computed before it is written.
    pub readers: Readers,
    pub mirror: Option<Mirror>,
    /// What passes have received of other ranks' blocks, until it is written.
    pub ghosts: RefCell<Vec<Ghost>>,
}

/// What this rank has received to see a view of the storage in another layout: the halo of a shifted slice. All ranks
/// keep theirs, or none.
pub(crate) struct Ghost {
    pub strided: Strided,
    pub layout: Arc<Layout>,
    pub target: Layout,
    /// In the order of the plan's parcels.
    pub parcels: Vec<Rc<Vec<u128>>>,
}

/// Ghosts that are kept of a storage; the oldest goes first.
const GHOSTS: usize = 8;

/// A storage that stands for another array's elements in C order under another shape, where no view can: NumPy's
/// reshape of a distributed array. It is refreshed before it is read when the base was written, and written through.
pub(crate) struct Mirror {
    pub base: Array,
    /// The base's version that this storage agrees with.
    pub seen: Cell<u64>,
}

thread_local! {
    // A rank is a thread, and blocks live and die on it.
    static HELD: Cell<usize> = const { Cell::new(0) };
}

/// Bytes of blocks that this rank's storages hold now.
pub fn held_bytes() -> usize {
    HELD.get()
}

impl Storage {
    pub fn new(layout: Arc<Layout>, block: Block) -> Rc<Storage> {
        Storage::with(layout, block, Rc::default(), None)
    }

    /// The memory of what was pending, with those who read it already.
    pub fn computed(layout: Arc<Layout>, block: Block, readers: Readers) -> Rc<Storage> {
        Storage::with(layout, block, readers, None)
    }

    /// A copy of `base`'s elements that follows it.
    pub fn mirror(layout: Arc<Layout>, block: Block, base: Array) -> Rc<Storage> {
        let (readers, seen) = match base.view() {
            Some(view) => (view.storage.readers.clone(), Cell::new(view.storage.version.get())),
            None => Default::default(),
        };
        Storage::with(layout, block, readers, Some(Mirror { base, seen }))
    }

    fn with(layout: Arc<Layout>, block: Block, readers: Readers, mirror: Option<Mirror>) -> Rc<Storage> {
        HELD.set(HELD.get() + block.bytes().len());
        let (dtype, version) = (block.dtype(), Cell::new(0));
        Rc::new(Storage {
            dtype,
            layout,
            block: RefCell::new(block),
            version,
            readers,
            mirror,
            ghosts: RefCell::default(),
        })
    }
}

impl Storage {
    /// Takes note that the memory was written, on whichever rank: the same calls on all ranks.
    pub fn touched(&self) {
        self.version.set(self.version.get() + 1);
        self.ghosts.borrow_mut().clear();
    }

    /// The ghosts of a view, if they are kept.
    pub fn ghost(&self, strided: &Strided, layout: &Layout, target: &Layout) -> Option<Vec<Rc<Vec<u128>>>> {
        let ghosts = self.ghosts.borrow();
        let same = |g: &&Ghost| g.strided == *strided && *g.layout == *layout && g.target == *target;
        ghosts.iter().find(same).map(|ghost| ghost.parcels.clone())
    }

    pub fn keep(&self, ghost: Ghost) {
        let mut ghosts = self.ghosts.borrow_mut();
        if ghosts.len() == GHOSTS {
            ghosts.remove(0);
        }
        ghosts.push(ghost);
    }
}

/// Remembers that `reader` is to be computed before the memory changes.
pub(crate) fn add_reader(readers: &Readers, reader: &Rc<Inner>) {
    let mut readers = readers.borrow_mut();
    // Sweep at powers of two, so that a loop over one array costs a constant each time.
    if readers.len().is_power_of_two() {
        readers.retain(|r| r.upgrade().is_some_and(|r| Array(r).is_pending()));
    }
    readers.push(Rc::downgrade(reader));
}

impl Drop for Storage {
    fn drop(&mut self) {
        HELD.set(HELD.get().saturating_sub(self.block.get_mut().bytes().len()));
    }
}
