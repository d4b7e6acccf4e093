//! The camera program: reads the codes that people hold up and has the kiosk decide them (design section 9).
//!
//! Pictures are untrusted, and so is what decodes them. This program holds no keys and no data, nothing but the token of its station, and
//! reaches loopback only. A picture that breaks the decoder costs that picture; a decoder that hangs or dies costs a restart by
//! systemd. The service at the door links none of this.
//!
//! | idea | where |
//! |---|---|
//! | one picture in grey, its size bounded | [`frame`] |
//! | PNG and JPEG files | [`picture`] |
//! | QR codes in a frame | [`decoder`] |
//! | the same, whatever the decoder does | [`reader`] |
//! | a code is sent once while it stays in view | [`view`] |
//! | where pictures come from: a camera, a folder | [`source`] |
//! | calls to the kiosk service | [`line`] |
//! | what the log and systemd are told | [`health`] |
//! | the loop over all of these | [`watch`] |

pub mod decoder;
pub mod frame;
pub mod health;
pub mod line;
pub mod picture;
pub mod reader;
pub mod source;
pub mod view;
pub mod watch;
