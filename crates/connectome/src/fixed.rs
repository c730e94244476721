//! Numbers with eight more fraction bits than their column shows.
#![deny(clippy::float_arithmetic)]

/// A number in 256ths, from what its column shows and the remainder.
#[inline(always)]
#[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
pub(crate) fn join(shown: i16, remainder: i8) -> i32 {
    i32::from(shown) * 256 + i32::from(remainder)
}

/// What the column shows of it (rounded), and the remainder; `number` is one that [`join`] can give.
#[inline(always)]
#[allow(clippy::inline_always, reason = "it is vectorised where it is inlined")]
pub(crate) fn split(number: i32) -> (i16, i8) {
    let shown = (number + 128) >> 8;
    // A remainder lies in −128 to 127.
    (shown as i16, (number - shown * 256) as i8)
}
