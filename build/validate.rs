//! spirv-val, through the SPIRV-Tools that shaderc already links.

use std::ffi::{CStr, c_char, c_void};

// The part of SPIRV-Tools' C interface (spirv-tools/libspirv.h) that validation needs.
#[repr(C)]
struct Diagnostic {
    position: [usize; 3],
    error: *const c_char,
    is_text_source: bool,
}

#[repr(C)]
struct Binary {
    code: *const u32,
    word_count: usize,
}

unsafe extern "C" {
    fn spvContextCreate(environment: i32) -> *mut c_void;
    fn spvContextDestroy(context: *mut c_void);
    fn spvValidatorOptionsCreate() -> *mut c_void;
    fn spvValidatorOptionsDestroy(options: *mut c_void);
    fn spvValidatorOptionsSetScalarBlockLayout(options: *mut c_void, value: bool);
    fn spvValidateWithOptions(
        context: *const c_void,
        options: *const c_void,
        binary: *const Binary,
        diagnostic: *mut *mut Diagnostic,
    ) -> i32;
    fn spvDiagnosticDestroy(diagnostic: *mut Diagnostic);
}

/// `SPV_ENV_VULKAN_1_2`: the version the GLSL is compiled for.
const ENVIRONMENT: i32 = 23;

/// The validator's message, if it has one.
pub(crate) fn validate(words: &[u32]) -> Result<(), String> {
    let binary = Binary { code: words.as_ptr(), word_count: words.len() };
    let mut diagnostic = std::ptr::null_mut();
    // SAFETY: plain C calls on objects made and freed here; `binary` outlives the call that reads
    // it.
    unsafe {
        let context = spvContextCreate(ENVIRONMENT);
        let options = spvValidatorOptionsCreate();
        spvValidatorOptionsSetScalarBlockLayout(options, true);
        let code = spvValidateWithOptions(context, options, &binary, &mut diagnostic);
        let message = match diagnostic.as_ref() {
            Some(found) => CStr::from_ptr(found.error).to_string_lossy().into_owned(),
            None => format!("spvValidate returned {code}"),
        };
        spvDiagnosticDestroy(diagnostic);
        spvValidatorOptionsDestroy(options);
        spvContextDestroy(context);
        if code == 0 { Ok(()) } else { Err(message) }
    }
}
