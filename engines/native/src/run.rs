//! Programs as machine code: made, called, and given back.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::mem::ManuallyDrop;

use cranelift_codegen::ir::{AbiParam, types};
use cranelift_codegen::isa::CallConv;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::FunctionBuilderContext;
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{FuncId, Module};
use lang::plan::scalar::{Code, Word};

use crate::Runtime;
use crate::translate;

/// What a program works on. Programs know the offsets of its fields.
#[repr(C)]
pub struct Host {
    pub fuel: i64,
    /// Calls under way.
    pub depth: i64,
    /// Turns of the outermost loop.
    pub turns: i64,
    /// Nonzero when `tick` has said to end.
    pub ended: i64,
    pub scratch: u64,
    pub words: *mut u64,
    pub user: *mut c_void,
}

/// A program that can be called.
pub struct Native {
    module: ManuallyDrop<JITModule>,
    entry: extern "C" fn(*mut Host) -> u64,
    slots: usize,
}

/// What a call of a function gives where it has failed.
pub const FAILED: u64 = u64::MAX;

impl Native {
    /// Compiles a program; `entry` is the body to begin with: the loop (0), or a function, whose arguments are then
    /// the first words of the table, and whose result becomes the first.
    ///
    /// # Errors
    /// What the code generator says: the machine is none that it knows.
    pub fn new(code: &Code, entry: u32, runtime: &Runtime) -> Result<Native, String> {
        let mut flags = settings::builder();
        let verify = if cfg!(debug_assertions) { "true" } else { "false" };
        for (name, value) in [("opt_level", "speed"), ("enable_verifier", verify), ("is_pic", "false")] {
            flags.set(name, value).map_err(|e| e.to_string())?;
        }
        let isa =
            cranelift_native::builder()?.finish(settings::Flags::new(flags)).map_err(|e| e.to_string())?;
        let mut module = JITModule::new(JITBuilder::with_isa(isa, cranelift_module::default_libcall_names()));
        let pointer = module.target_config().pointer_type();
        let mut ids: Vec<FuncId> = Vec::new();
        for (i, body) in code.bodies.iter().enumerate() {
            let mut signature = module.make_signature();
            signature.params.push(AbiParam::new(pointer));
            if i > 0 {
                signature.call_conv = CallConv::Fast;
                for reg in &body.params {
                    signature.params.push(AbiParam::new(translate::ty(body.regs[*reg as usize])));
                }
                let result = body.result.and_then(|ty| ty.word()).unwrap_or(Word::Int);
                signature.returns.push(AbiParam::new(translate::ty(result)));
            }
            signature.returns.push(AbiParam::new(types::I64));
            ids.push(module.declare_anonymous_function(&signature).map_err(|e| e.to_string())?);
        }
        let mut memory = FunctionBuilderContext::new();
        let mut context = module.make_context();
        // A call at every turn's back, hardly ever made: it leaves all registers alone, so that nothing lives in memory for it.
        let mut quiet = module.make_signature();
        quiet.params.push(AbiParam::new(pointer));
        quiet.call_conv = CallConv::Patchable;
        let tick = module.declare_anonymous_function(&quiet).map_err(|e| e.to_string())?;
        context.func.signature = quiet;
        translate::tick(&mut context.func, &mut memory, runtime.tick);
        module.define_function(tick, &mut context).map_err(|e| format!("{e:?}"))?;
        module.clear_context(&mut context);
        ids.push(tick);
        for (i, body) in code.bodies.iter().enumerate() {
            context.func.signature = module.declarations().get_function_decl(ids[i]).signature.clone();
            if i == 0 && entry != 0 {
                translate::trampoline(&mut module, &mut context.func, &mut memory, code, entry, &ids)?;
            } else {
                translate::body(
                    &mut module,
                    &mut context.func,
                    &mut memory,
                    code,
                    body,
                    i == 0,
                    &ids,
                    runtime,
                )?;
            }
            module.define_function(ids[i], &mut context).map_err(|e| format!("{e:?}"))?;
            module.clear_context(&mut context);
        }
        module.finalize_definitions().map_err(|e| e.to_string())?;
        let address = module.get_finalized_function(ids[0]);
        // SAFETY: the body was declared with this signature: a pointer in, a word out, by the C convention.
        let entry = unsafe { std::mem::transmute::<*const u8, extern "C" fn(*mut Host) -> u64>(address) };
        Ok(Native { module: ManuallyDrop::new(module), entry, slots: code.slots as usize })
    }

    /// Runs it: the exit that it has taken, or whether it `FAILED`.
    ///
    /// # Panics
    /// When the table is smaller than the program says.
    pub fn run(&self, host: &mut Host, words: &mut [u64]) -> u64 {
        assert!(words.len() >= self.slots.max(16), "a table of words that is too small");
        host.words = words.as_mut_ptr();
        (self.entry)(host)
    }
}

impl Drop for Native {
    fn drop(&mut self) {
        // SAFETY: the module is taken once, here; its code is called by `run` only, which borrows this.
        unsafe { ManuallyDrop::take(&mut self.module).free_memory() }
    }
}
