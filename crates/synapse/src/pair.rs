//! Which two spikes make a pair: the nearest, each used once.

/// The spikes of either side that have not yet been part of a pair. Times in ns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Stamps {
    pre_ns: Option<u64>,
    post_ns: Option<u64>,
}

impl Stamps {
    /// A spike of the pre arrives: the time since the post fired, if that makes a pair (dt < 0). A post of the same time
    /// makes none and stays, so that a later pre can still find it.
    pub(crate) fn pre_arrives(&mut self, now_ns: u64) -> Option<u64> {
        match self.post_ns {
            Some(post_ns) if post_ns < now_ns => {
                *self = Self::default();
                Some(now_ns - post_ns)
            }
            _ => {
                self.pre_ns = Some(now_ns);
                None
            }
        }
    }

    /// The post fires: the time since the pre arrived, if that makes a pair (dt ≥ 0).
    pub(crate) fn post_fires(&mut self, now_ns: u64) -> Option<u64> {
        match self.pre_ns {
            Some(pre_ns) if pre_ns <= now_ns => {
                *self = Self::default();
                Some(now_ns - pre_ns)
            }
            _ => {
                self.post_ns = Some(now_ns);
                None
            }
        }
    }
}
