//! The link over channels, to ranks that are threads of the kernel's process.

use std::sync::mpsc::{Receiver, RecvTimeoutError};

use super::{Ends, FromEngine, Gone, Inlet, ToEngine};

/// A rank's ends: what the kernel sends arrives in `inlet`; `outlet` is called from two threads.
pub fn ends(inlet: Receiver<ToEngine>, outlet: impl Fn(FromEngine) + Clone + Send + 'static) -> Ends {
    let inlet: Inlet = Box::new(move |time| match inlet.recv_timeout(time) {
        Ok(message) => Ok(Some(message)),
        Err(RecvTimeoutError::Timeout) => Ok(None),
        Err(RecvTimeoutError::Disconnected) => Err(Gone("the kernel has let go of its ranks".into())),
    });
    Ends { inlet, replies: Box::new(outlet.clone()), answers: Box::new(outlet), lost: Box::new(|_| ()) }
}
