//! Validation messages: to standard error with their VUID, and into a log that tests and the exit
//! status read.
//!
//! The log belongs to the process, not to an instance: a message must outlive the instance that
//! caused it, so that the process can end with a failure.

use ash::vk;
use std::ffi::{CStr, c_void};
use std::io::Write;
use std::sync::{Mutex, PoisonError};

/// Environment variable that turns validation on when it is `1`.
pub(crate) const VALIDATION_VARIABLE: &str = "VULKAN_FORGE_VALIDATION";
pub(crate) const LAYER: &CStr = c"VK_LAYER_KHRONOS_validation";

static MESSAGES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Validation messages since the last call, oldest first, each with its VUID.
pub fn take_messages() -> Vec<String> {
    std::mem::take(&mut *MESSAGES.lock().unwrap_or_else(PoisonError::into_inner))
}

pub(crate) fn wanted() -> bool {
    std::env::var_os(VALIDATION_VARIABLE).is_some_and(|value| !value.is_empty() && value != "0")
}

pub(crate) fn messenger_info() -> vk::DebugUtilsMessengerCreateInfoEXT<'static> {
    vk::DebugUtilsMessengerCreateInfoEXT::default()
        .message_severity(
            vk::DebugUtilsMessageSeverityFlagsEXT::ERROR
                | vk::DebugUtilsMessageSeverityFlagsEXT::WARNING,
        )
        .message_type(vk::DebugUtilsMessageTypeFlagsEXT::VALIDATION)
        .pfn_user_callback(Some(callback))
}

unsafe extern "system" fn callback(
    _severity: vk::DebugUtilsMessageSeverityFlagsEXT,
    _kind: vk::DebugUtilsMessageTypeFlagsEXT,
    data: *const vk::DebugUtilsMessengerCallbackDataEXT<'_>,
    _user: *mut c_void,
) -> vk::Bool32 {
    // SAFETY: the layer passes a valid structure whose strings are NUL-terminated or null.
    let (id, text) = unsafe {
        let data = &*data;
        (data.message_id_name_as_c_str(), data.message_as_c_str())
    };
    let id = id.unwrap_or(c"(no VUID)").to_string_lossy();
    let text = text.unwrap_or(c"").to_string_lossy();
    let message = format!("{id}: {text}");
    // Nothing sensible is left to do when standard error is closed.
    let _ = writeln!(std::io::stderr(), "vulkan_forge validation: {message}");
    MESSAGES.lock().unwrap_or_else(PoisonError::into_inner).push(message);
    vk::FALSE
}

/// Breaks a rule of Vulkan on purpose (a buffer of zero bytes), for the test that proves that
/// messages are seen.
pub fn provoke_message(device: &super::Device) -> crate::error::Result<()> {
    device.check()?;
    // SAFETY: the create info is well-formed; its zero size is what validation must report. The
    // handle is destroyed.
    unsafe {
        let info = vk::BufferCreateInfo::default().usage(vk::BufferUsageFlags::TRANSFER_SRC);
        let buffer =
            device.raw().create_buffer(&info, None).map_err(super::vulkan("vkCreateBuffer"))?;
        device.raw().destroy_buffer(buffer, None);
    }
    Ok(())
}
