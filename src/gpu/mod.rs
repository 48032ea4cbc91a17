//! Vulkan made safe, its windows included. The only room that imports `ash` and the only one with
//! `unsafe`.
//!
//! * **Ownership**: every object holds `Arc<Device>` and frees itself; `Drop for Device` alone
//!   knows the teardown order.
//! * **Lifetimes**: [`Commands`] borrows what it records; `submit_and_wait` ends the borrow.
//! * **Synchronisation**: one table in `barrier.rs`, one memory barrier between passes, images stay
//!   in `GENERAL`.
//! * **Fork**: each device remembers its process. In a forked child every call is refused and every
//!   drop does nothing, because even `vkDestroyDevice` waits for threads that the child does not
//!   have. Nor does the child run exit handlers of drivers that it inherited (`fork.rs`), or use a
//!   driver whose threads belong to the process (`reopened.rs`).

mod barrier;
mod buffer;
mod commands;
mod descriptors;
mod device;
mod driver;
#[cfg(feature = "python")]
mod foreign;
mod fork;
mod image;
mod instance;
mod pages;
mod pipeline;
mod reopened;
mod report;
mod shader;
mod specialise;
mod surface;
mod swapchain;
mod transfer;
mod validation;
mod workshop;

pub use buffer::{Buffer, MemoryUse};
pub use commands::Commands;
use descriptors::Binding;
pub use device::{Device, Limits};
#[cfg(feature = "python")]
pub use foreign::ForeignWindow;
pub use fork::watch_forks;
pub use image::{FloatImage, WordImage};
pub use instance::Instance;
pub use pages::Pages;
pub(crate) use pipeline::{Pipeline, Recipe};
pub use report::{DeviceKind, DeviceReport, DeviceRequest, Selector, reports};
pub(crate) use shader::{Program, shaders};
pub use swapchain::{ByteOrder, PresentMode, Shown, Swapchain};
pub use validation::{provoke_message, take_messages};
pub(crate) use workshop::Lent;
pub use workshop::Workshop;

use crate::error::{Error, Result};
use ash::vk;

/// Asked now and then during device work; `true` ends the work with [`Error::Interrupted`].
pub type Interrupted<'a> = &'a dyn Fn() -> bool;

/// Maps a Vulkan result to this crate's error, keeping the name of the call.
pub(crate) fn vulkan(call: &'static str) -> impl Fn(vk::Result) -> Error {
    move |result| match result {
        vk::Result::ERROR_DEVICE_LOST => Error::DeviceLost { call },
        vk::Result::ERROR_OUT_OF_HOST_MEMORY
        | vk::Result::ERROR_OUT_OF_DEVICE_MEMORY
        | vk::Result::ERROR_TOO_MANY_OBJECTS
        | vk::Result::ERROR_MEMORY_MAP_FAILED
        | vk::Result::ERROR_OUT_OF_POOL_MEMORY => {
            Error::OutOfMemory { purpose: call.into(), bytes: 0, detail: format!("{result:?}") }
        }
        other => Error::Vulkan { call, result: format!("{other:?}"), code: other.as_raw() },
    }
}

/// Refuses to go on in a process other than the one that made the object.
fn check_process(object: &'static str, owner: u32) -> Result<()> {
    let user = std::process::id();
    if user == owner { Ok(()) } else { Err(Error::ForkedProcess { object, owner, user }) }
}
