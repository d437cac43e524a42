//! A body as Cranelift's intermediate form: blocks to blocks, registers to variables.

use std::collections::HashMap;
use std::mem::offset_of;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    AbiParam, Block, FuncRef, Function, InstBuilder, MemFlags, SigRef, Signature, Type, Value, types,
};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};
use cranelift_jit::JITModule;
use cranelift_module::{FuncId, Module};
use lang::plan::scalar::{Body, Code, ExitId, Op, Reg, Word};

use crate::Runtime;
use crate::run::{FAILED, Host};

pub fn ty(word: Word) -> Type {
    match word {
        Word::Int => types::I64,
        Word::Float => types::F64,
    }
}

fn field(offset: usize) -> i32 {
    offset as i32
}

pub(crate) struct Translator<'a, 'b> {
    pub b: FunctionBuilder<'b>,
    pub body: &'a Body,
    pub runtime: &'a Runtime<'a>,
    regs: Vec<Variable>,
    /// What registers hold that are set once, to a number.
    pub constants: HashMap<Reg, i64>,
    pub host: Value,
    pub words: Value,
    fuel: Variable,
    /// Calls under way around this one; of a function.
    depth: Option<Value>,
    blocks: Vec<Block>,
    exits: HashMap<ExitId, Block>,
    functions: Vec<FuncRef>,
    safe_point: FuncRef,
    pub signatures: HashMap<(usize, usize, bool), SigRef>,
}

#[expect(clippy::too_many_arguments, reason = "what a translation needs, once")]
pub(crate) fn body(
    module: &mut JITModule,
    function: &mut Function,
    memory: &mut FunctionBuilderContext,
    code: &Code,
    body: &Body,
    is_loop: bool,
    ids: &[FuncId],
    runtime: &Runtime,
) -> Result<(), String> {
    let mut functions: Vec<FuncRef> =
        ids.iter().map(|id| module.declare_func_in_func(*id, function)).collect();
    let safe_point = functions.pop().ok_or("no safe points")?;
    let mut b = FunctionBuilder::new(function, memory);
    let blocks: Vec<Block> = body.blocks.iter().map(|_| b.create_block()).collect();
    let regs: Vec<Variable> = body.regs.iter().map(|word| b.declare_var(ty(*word))).collect();
    let fuel = b.declare_var(types::I64);
    let entry = blocks[0];
    b.append_block_params_for_function_params(entry);
    b.switch_to_block(entry);
    let params = b.block_params(entry).to_vec();
    let host = params[0];
    for (reg, value) in body.params.iter().zip(&params[1..]) {
        b.def_var(regs[*reg as usize], *value);
    }
    let flags = MemFlags::trusted();
    let words = b.ins().load(types::I64, flags, host, field(offset_of!(Host, words)));
    let first = b.ins().load(types::I64, flags, host, field(offset_of!(Host, fuel)));
    b.def_var(fuel, first);
    let mut t = Translator {
        b,
        body,
        runtime,
        regs,
        constants: constants(body),
        host,
        words,
        fuel,
        depth: None,
        blocks,
        exits: HashMap::new(),
        functions,
        safe_point,
        signatures: HashMap::new(),
    };
    if !is_loop {
        t.enter();
    }
    for (i, ops) in body.blocks.iter().enumerate() {
        if i > 0 {
            t.b.switch_to_block(t.blocks[i]);
        }
        for op in ops {
            t.op(op)?;
        }
        if ops.is_empty() {
            return Err(format!("block {i} of {} is open", code.bodies.len()));
        }
    }
    t.exit_blocks(is_loop);
    t.b.seal_all_blocks();
    t.b.finalize();
    Ok(())
}

/// What calls the safe point, and leaves all registers as they are.
pub(crate) fn tick(function: &mut Function, memory: &mut FunctionBuilderContext, address: usize) {
    let mut b = FunctionBuilder::new(function, memory);
    let block = b.create_block();
    b.append_block_params_for_function_params(block);
    b.switch_to_block(block);
    let host = b.block_params(block)[0];
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params.push(AbiParam::new(types::I64));
    let signature = b.import_signature(signature);
    let callee = b.ins().iconst(types::I64, address as i64);
    b.ins().call_indirect(signature, callee, &[host]);
    b.ins().return_(&[]);
    b.seal_all_blocks();
    b.finalize();
}

/// The body to begin with, of a function: arguments and result are words of the table.
pub(crate) fn trampoline(
    module: &mut JITModule,
    function: &mut Function,
    memory: &mut FunctionBuilderContext,
    code: &Code,
    entry: u32,
    ids: &[FuncId],
) -> Result<(), String> {
    let callee = module.declare_func_in_func(ids[entry as usize], function);
    let target = &code.bodies[entry as usize];
    let mut b = FunctionBuilder::new(function, memory);
    let block = b.create_block();
    b.append_block_params_for_function_params(block);
    b.switch_to_block(block);
    let host = b.block_params(block)[0];
    let flags = MemFlags::trusted();
    let words = b.ins().load(types::I64, flags, host, field(offset_of!(Host, words)));
    let mut args = vec![host];
    for (i, reg) in target.params.iter().enumerate() {
        let word = ty(target.regs[*reg as usize]);
        args.push(b.ins().load(word, flags, words, 8 * i as i32));
    }
    let call = b.ins().call(callee, &args);
    let results = b.inst_results(call).to_vec();
    b.ins().store(flags, results[0], words, 0);
    b.ins().return_(&[results[1]]);
    b.seal_all_blocks();
    b.finalize();
    Ok(())
}

fn constants(body: &Body) -> HashMap<Reg, i64> {
    let mut constants = HashMap::new();
    for op in body.blocks.iter().flatten() {
        if let Op::Int(reg, value) = op {
            constants.insert(*reg, *value);
        }
    }
    // A literal's register is its own; one that is a result as well is none.
    for op in body.blocks.iter().flatten() {
        if let Op::Move(to, _) = op {
            constants.remove(to);
        }
    }
    constants
}

impl Translator<'_, '_> {
    pub fn get(&mut self, reg: Reg) -> Value {
        self.b.use_var(self.regs[reg as usize])
    }

    pub fn set(&mut self, reg: Reg, value: Value) {
        self.b.def_var(self.regs[reg as usize], value);
    }

    pub fn exit(&mut self, exit: ExitId) -> Block {
        if let Some(block) = self.exits.get(&exit) {
            return *block;
        }
        let block = self.b.create_block();
        self.b.set_cold_block(block);
        self.exits.insert(exit, block);
        block
    }

    /// Goes on where the condition holds, else leaves.
    pub fn need(&mut self, condition: Value, exit: ExitId) {
        let (on, off) = (self.b.create_block(), self.exit(exit));
        self.b.ins().brif(condition, on, &[], off, &[]);
        self.b.switch_to_block(on);
    }

    /// Leaves where the condition holds.
    pub fn unless(&mut self, condition: Value, exit: ExitId) {
        let (on, off) = (self.b.create_block(), self.exit(exit));
        self.b.ins().brif(condition, off, &[], on, &[]);
        self.b.switch_to_block(on);
    }

    fn host_load(&mut self, offset: usize) -> Value {
        self.b.ins().load(types::I64, MemFlags::trusted(), self.host, field(offset))
    }

    fn host_store(&mut self, value: Value, offset: usize) {
        self.b.ins().store(MemFlags::trusted(), value, self.host, field(offset));
    }

    fn put_fuel(&mut self) {
        let fuel = self.b.use_var(self.fuel);
        self.host_store(fuel, offset_of!(Host, fuel));
    }

    fn take_fuel(&mut self) {
        let fuel = self.host_load(offset_of!(Host, fuel));
        self.b.def_var(self.fuel, fuel);
    }

    /// A call of a function begins: one more under way, and a little fuel less.
    fn enter(&mut self) {
        let depth = self.host_load(offset_of!(Host, depth));
        self.depth = Some(depth);
        let most = self.b.ins().icmp_imm(IntCC::SignedGreaterThanOrEqual, depth, self.runtime.depth);
        self.unless(most, 0);
        let deeper = self.b.ins().iadd_imm(depth, 1);
        self.host_store(deeper, offset_of!(Host, depth));
        self.tick(4, 0);
    }

    pub fn tick(&mut self, cost: u32, exit: ExitId) {
        let fuel = self.b.use_var(self.fuel);
        let less = self.b.ins().iadd_imm(fuel, -(cost as i64));
        self.b.def_var(self.fuel, less);
        let (on, empty) = (self.b.create_block(), self.b.create_block());
        self.b.set_cold_block(empty);
        let out = self.b.ins().icmp_imm(IntCC::SignedLessThan, less, 0);
        self.b.ins().brif(out, empty, &[], on, &[]);
        self.b.switch_to_block(empty);
        self.put_fuel();
        self.b.ins().call(self.safe_point, &[self.host]);
        self.take_fuel();
        let ended = self.host_load(offset_of!(Host, ended));
        let off = self.exit(exit);
        self.b.ins().brif(ended, off, &[], on, &[]);
        self.b.switch_to_block(on);
    }

    pub fn turn(&mut self) {
        let turns = self.host_load(offset_of!(Host, turns));
        let more = self.b.ins().iadd_imm(turns, 1);
        self.host_store(more, offset_of!(Host, turns));
    }

    pub fn call(&mut self, to: Reg, body: u32, args: &[Reg], exit: ExitId) {
        self.put_fuel();
        let mut values = vec![self.host];
        for arg in args {
            let value = self.get(*arg);
            values.push(value);
        }
        let callee = self.functions[body as usize];
        let call = self.b.ins().call(callee, &values);
        let results = self.b.inst_results(call).to_vec();
        self.take_fuel();
        self.unless(results[1], exit);
        self.set(to, results[0]);
    }

    pub fn jump(&mut self, to: u32) {
        self.b.ins().jump(self.blocks[to as usize], &[]);
    }

    pub fn branch(&mut self, held: Reg, yes: u32, no: u32) {
        let held = self.get(held);
        self.b.ins().brif(held, self.blocks[yes as usize], &[], self.blocks[no as usize], &[]);
    }

    pub fn give(&mut self, reg: Reg) {
        let value = self.get(reg);
        self.put_fuel();
        if let Some(depth) = self.depth {
            self.host_store(depth, offset_of!(Host, depth));
        }
        let done = self.b.ins().iconst(types::I64, 0);
        self.b.ins().return_(&[value, done]);
    }

    fn exit_blocks(&mut self, is_loop: bool) {
        let mut exits: Vec<(ExitId, Block)> = self.exits.iter().map(|(id, block)| (*id, *block)).collect();
        exits.sort_by_key(|(id, _)| *id);
        for (id, block) in exits {
            self.b.switch_to_block(block);
            self.put_fuel();
            if is_loop {
                for (reg, place) in self.body.exits[id as usize].stores.clone() {
                    let value = self.get(reg);
                    self.b.ins().store(MemFlags::trusted(), value, self.words, 8 * place as i32);
                }
                let id = self.b.ins().iconst(types::I64, id as i64);
                self.b.ins().return_(&[id]);
                continue;
            }
            if let Some(depth) = self.depth {
                self.host_store(depth, offset_of!(Host, depth));
            }
            let result = self.body.result.and_then(|ty| ty.word()).unwrap_or(Word::Int);
            let nothing = match result {
                Word::Int => self.b.ins().iconst(types::I64, 0),
                Word::Float => self.b.ins().f64const(0.0),
            };
            let failed = self.b.ins().iconst(types::I64, FAILED as i64);
            self.b.ins().return_(&[nothing, failed]);
        }
    }
}
