//! Operations.

use std::mem::offset_of;

use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{AbiParam, InstBuilder, MemFlags, Signature, Value, types};
use cranelift_codegen::isa::CallConv;
use lang::dtype::DType;
use lang::ir::CmpOp;
use lang::plan::scalar::{ExitId, FloatFn, FloatOp, IntOp, Op, Reg, Word};

use crate::translate::Translator;
use crate::{Descriptor, Host};

impl Translator<'_, '_> {
    pub fn op(&mut self, op: &Op) -> Result<(), String> {
        match op {
            Op::Int(to, value) => {
                let value = self.b.ins().iconst(types::I64, *value);
                self.set(*to, value);
            }
            Op::Float(to, bits) => {
                let value = self.b.ins().f64const(f64::from_bits(*bits));
                self.set(*to, value);
            }
            Op::Move(to, from) => {
                let value = self.get(*from);
                self.set(*to, value);
            }
            Op::Slot(to, place) => {
                let ty = crate::translate::ty(self.body.regs[*to as usize]);
                let value = self.b.ins().load(ty, MemFlags::trusted(), self.words, 8 * *place as i32);
                self.set(*to, value);
            }
            Op::IntOp(op, to, a, b, exit) => self.whole(*op, *to, *a, *b, *exit),
            Op::FloatOp(op, to, a, b) => {
                let (a, b) = (self.get(*a), self.get(*b));
                let value = match op {
                    FloatOp::Add => self.b.ins().fadd(a, b),
                    FloatOp::Sub => self.b.ins().fsub(a, b),
                    FloatOp::Mul => self.b.ins().fmul(a, b),
                    FloatOp::Div => self.b.ins().fdiv(a, b),
                };
                self.set(*to, value);
            }
            Op::FloatFn(function, to, a) => {
                let a = self.get(*a);
                let value = match function {
                    FloatFn::Neg => self.b.ins().fneg(a),
                    FloatFn::Abs => self.b.ins().fabs(a),
                    FloatFn::Sqrt => self.b.ins().sqrt(a),
                    FloatFn::Floor => self.b.ins().floor(a),
                    FloatFn::Ceil => self.b.ins().ceil(a),
                    FloatFn::Trunc => self.b.ins().trunc(a),
                };
                self.set(*to, value);
            }
            Op::Compare(op, to, a, b) => self.compare(*op, *to, *a, *b)?,
            Op::Select(to, held, a, b) => {
                let (held, a, b) = (self.get(*held), self.get(*a), self.get(*b));
                let value = self.b.ins().select(held, a, b);
                self.set(*to, value);
            }
            Op::ToFloat(to, a) => {
                let a = self.get(*a);
                let value = self.b.ins().fcvt_from_sint(types::F64, a);
                self.set(*to, value);
            }
            Op::ToInt(to, a, exit) => {
                let a = self.get(*a);
                let size = self.b.ins().fabs(a);
                let most = self.b.ins().f64const(9.2e18);
                let fits = self.b.ins().fcmp(FloatCC::LessThan, size, most);
                self.need(fits, *exit);
                let value = self.b.ins().fcvt_to_sint_sat(types::I64, a);
                self.set(*to, value);
            }
            Op::Single(to, a) => {
                let a = self.get(*a);
                let single = self.b.ins().fdemote(types::F32, a);
                let value = self.b.ins().fpromote(types::F64, single);
                self.set(*to, value);
            }
            Op::Need(held, exit) => {
                let held = self.get(*held);
                self.need(held, *exit);
            }
            Op::Within(a, low, high, exit) => {
                let a = self.get(*a);
                let above = self.b.ins().iadd_imm(a, low.wrapping_neg());
                let width = high.wrapping_sub(*low);
                let fits = self.b.ins().icmp_imm(IntCC::UnsignedLessThanOrEqual, above, width);
                self.need(fits, *exit);
            }
            Op::Finite(a, exit) => {
                let a = self.get(*a);
                let size = self.b.ins().fabs(a);
                let infinity = self.b.ins().f64const(f64::INFINITY);
                let finite = self.b.ins().fcmp(FloatCC::LessThan, size, infinity);
                self.need(finite, *exit);
            }
            Op::Apply { to, function, args } => {
                let (address, data) =
                    (self.runtime.resolve)(*function).ok_or("a function that is not there")?;
                let data = self.b.ins().iconst(types::I64, data as i64);
                let first = self.get(args[0]);
                let second = self.get(*args.last().unwrap_or(&args[0]));
                let value = self.call_floats(address, data, first, second);
                self.set(*to, value);
            }
            Op::Read { to, array, at, dtype, exit } => {
                let array = self.get(*array);
                let place = self.place(array, at, *exit);
                let value = self.load(*dtype, place);
                self.set(*to, value);
            }
            Op::Place { to, array, at, dtype: _, exit } => {
                let array = self.get(*array);
                let writable = self.described(array, offset_of!(Descriptor, writable));
                self.need(writable, *exit);
                let place = self.place(array, at, *exit);
                self.set(*to, place);
            }
            Op::Write { place, value, dtype } => {
                let (place, value) = (self.get(*place), self.get(*value));
                self.store(*dtype, place, value);
            }
            Op::Extent(to, array, axis) => {
                let array = self.get(*array);
                let value = self.described(array, offset_of!(Descriptor, extents) + 8 * *axis as usize);
                self.set(*to, value);
            }
            Op::Length(to, list) => {
                let list = self.get(*list);
                let value = self.call_runtime(self.runtime.length, &[list], true).ok_or("no length")?;
                self.set(*to, value);
            }
            Op::GetItem { to, list, at, item, exit } => {
                let (list, at) = (self.get(*list), self.get(*at));
                let item = self.b.ins().iconst(types::I64, *item as i64);
                let scratch = self.b.ins().iadd_imm(self.host, offset_of!(Host, scratch) as i64);
                let found = self
                    .call_runtime(self.runtime.get_item, &[list, at, item, scratch], true)
                    .ok_or("no item")?;
                self.need(found, *exit);
                let ty = crate::translate::ty(self.body.regs[*to as usize]);
                let value = self.b.ins().load(ty, MemFlags::trusted(), scratch, 0);
                self.set(*to, value);
            }
            Op::HasItem { list, at, exit } => {
                let (list, at) = (self.get(*list), self.get(*at));
                let has = self.call_runtime(self.runtime.has_item, &[list, at], true).ok_or("no item")?;
                self.need(has, *exit);
            }
            Op::SetItem { list, at, value, item, exit } => {
                let (list, at) = (self.get(*list), self.get(*at));
                let word = self.word(*value);
                let item = self.b.ins().iconst(types::I64, *item as i64);
                let args = [list, at, item, word];
                let set = self.call_runtime(self.runtime.set_item, &args, true).ok_or("no item")?;
                self.need(set, *exit);
            }
            Op::Append { list, value, item } => {
                let list = self.get(*list);
                let word = self.word(*value);
                let item = self.b.ins().iconst(types::I64, *item as i64);
                self.call_runtime(self.runtime.append, &[list, item, word], false);
            }
            Op::Call { to, body, args, exit } => self.call(*to, *body, args, *exit),
            Op::Tick { cost, exit } => self.tick(*cost, *exit),
            Op::Turn => self.turn(),
            Op::Jump(to) => self.jump(*to),
            Op::Branch(held, yes, no) => self.branch(*held, *yes, *no),
            Op::Leave(exit) => {
                let block = self.exit(*exit);
                self.b.ins().jump(block, &[]);
            }
            Op::Return(reg) => self.give(*reg),
        }
        Ok(())
    }

    /// The bits of a register.
    fn word(&mut self, reg: Reg) -> Value {
        let value = self.get(reg);
        match self.body.regs[reg as usize] {
            Word::Int => value,
            Word::Float => self.b.ins().bitcast(types::I64, MemFlags::new(), value),
        }
    }

    fn whole(&mut self, op: IntOp, to: Reg, x: Reg, y: Reg, exit: ExitId) {
        let by = self.constants.get(&y).copied();
        let (a, b) = (self.get(x), self.get(y));
        let checked = match op {
            IntOp::Add => Some(self.b.ins().sadd_overflow(a, b)),
            IntOp::Sub => Some(self.b.ins().ssub_overflow(a, b)),
            IntOp::Mul => Some(self.b.ins().smul_overflow(a, b)),
            _ => None,
        };
        if let Some((value, overflow)) = checked {
            self.unless(overflow, exit);
            self.set(to, value);
            return;
        }
        let value = match (op, by) {
            (IntOp::WrapAdd, _) => self.b.ins().iadd(a, b),
            (IntOp::WrapSub, _) => self.b.ins().isub(a, b),
            (IntOp::And, _) => self.b.ins().band(a, b),
            (IntOp::Or, _) => self.b.ins().bor(a, b),
            (IntOp::Xor, _) => self.b.ins().bxor(a, b),
            (IntOp::FloorDiv, Some(by)) if by > 0 && by.count_ones() == 1 => {
                self.b.ins().sshr_imm(a, by.trailing_zeros() as i64)
            }
            (IntOp::Mod, Some(by)) if by > 0 && by.count_ones() == 1 => self.b.ins().band_imm(a, by - 1),
            (IntOp::FloorDiv | IntOp::Mod, _) => self.divide(op, a, b, by, exit),
            (IntOp::Shr, _) => {
                let negative = self.b.ins().icmp_imm(IntCC::SignedLessThan, b, 0);
                self.unless(negative, exit);
                let most = self.b.ins().iconst(types::I64, 63);
                let by = self.b.ins().umin(b, most);
                self.b.ins().sshr(a, by)
            }
            (IntOp::Shl, _) => {
                let fits = self.b.ins().icmp_imm(IntCC::UnsignedLessThan, b, 63);
                self.need(fits, exit);
                let value = self.b.ins().ishl(a, b);
                let back = self.b.ins().sshr(value, b);
                let same = self.b.ins().icmp(IntCC::Equal, back, a);
                self.need(same, exit);
                value
            }
            (IntOp::Pow, Some(by)) if (1..=8).contains(&by) => {
                let mut power = a;
                for _ in 1..by {
                    let (next, overflow) = self.b.ins().smul_overflow(power, a);
                    self.unless(overflow, exit);
                    power = next;
                }
                power
            }
            // Other powers are rare.
            _ => {
                let block = self.exit(exit);
                self.b.ins().jump(block, &[]);
                let unreached = self.b.create_block();
                self.b.switch_to_block(unreached);
                a
            }
        };
        self.set(to, value);
    }

    /// Python's: the quotient's floor, and the remainder with the divisor's sign.
    fn divide(&mut self, op: IntOp, a: Value, b: Value, by: Option<i64>, exit: ExitId) -> Value {
        if by.is_none_or(|by| by == 0 || by == -1) {
            // 0 is an error; the least int over -1 is none.
            let next = self.b.ins().iadd_imm(b, 1);
            let fits = self.b.ins().icmp_imm(IntCC::UnsignedGreaterThan, next, 1);
            self.need(fits, exit);
        }
        let quotient = self.b.ins().sdiv(a, b);
        let product = self.b.ins().imul(quotient, b);
        let rest = self.b.ins().isub(a, product);
        let signs = self.b.ins().bxor(rest, b);
        let zero = self.b.ins().iconst(types::I64, 0);
        let differ = self.b.ins().icmp_imm(IntCC::SignedLessThan, signs, 0);
        let some = self.b.ins().icmp_imm(IntCC::NotEqual, rest, 0);
        let wrong = self.b.ins().band(differ, some);
        if op == IntOp::Mod {
            let more = self.b.ins().select(wrong, b, zero);
            return self.b.ins().iadd(rest, more);
        }
        let less = self.b.ins().iadd_imm(quotient, -1);
        self.b.ins().select(wrong, less, quotient)
    }

    fn compare(&mut self, op: CmpOp, to: Reg, x: Reg, y: Reg) -> Result<(), String> {
        let (a, b) = (self.get(x), self.get(y));
        let held = if self.body.regs[x as usize] == Word::Int {
            let condition = match op {
                CmpOp::Eq => IntCC::Equal,
                CmpOp::Ne => IntCC::NotEqual,
                CmpOp::Lt => IntCC::SignedLessThan,
                CmpOp::Le => IntCC::SignedLessThanOrEqual,
                CmpOp::Gt => IntCC::SignedGreaterThan,
                CmpOp::Ge => IntCC::SignedGreaterThanOrEqual,
                _ => return Err("a comparison that is none of order".into()),
            };
            self.b.ins().icmp(condition, a, b)
        } else {
            let condition = match op {
                CmpOp::Eq => FloatCC::Equal,
                CmpOp::Ne => FloatCC::NotEqual,
                CmpOp::Lt => FloatCC::LessThan,
                CmpOp::Le => FloatCC::LessThanOrEqual,
                CmpOp::Gt => FloatCC::GreaterThan,
                CmpOp::Ge => FloatCC::GreaterThanOrEqual,
                _ => return Err("a comparison that is none of order".into()),
            };
            self.b.ins().fcmp(condition, a, b)
        };
        let word = self.b.ins().uextend(types::I64, held);
        self.set(to, word);
        Ok(())
    }

    /// A word of an array's description, which never changes while a program runs.
    fn described(&mut self, array: Value, offset: usize) -> Value {
        let flags = MemFlags::trusted().with_readonly().with_can_move();
        self.b.ins().load(types::I64, flags, array, offset as i32)
    }

    fn place(&mut self, array: Value, at: &[Reg], exit: ExitId) -> Value {
        let mut place = self.described(array, offset_of!(Descriptor, data));
        for (axis, index) in at.iter().enumerate() {
            let index = self.get(*index);
            let extent = self.described(array, offset_of!(Descriptor, extents) + 8 * axis);
            let stride = self.described(array, offset_of!(Descriptor, strides) + 8 * axis);
            let from_end = self.b.ins().iadd(index, extent);
            let negative = self.b.ins().icmp_imm(IntCC::SignedLessThan, index, 0);
            let index = self.b.ins().select(negative, from_end, index);
            let within = self.b.ins().icmp(IntCC::UnsignedLessThan, index, extent);
            self.need(within, exit);
            let step = self.b.ins().imul(index, stride);
            place = self.b.ins().iadd(place, step);
        }
        place
    }

    fn load(&mut self, dtype: DType, place: Value) -> Value {
        let flags = MemFlags::new().with_notrap();
        let ins = self.b.ins();
        match dtype {
            DType::F64 => ins.load(types::F64, flags, place, 0),
            DType::F32 => {
                let single = ins.load(types::F32, flags, place, 0);
                self.b.ins().fpromote(types::F64, single)
            }
            DType::I8 => ins.sload8(types::I64, flags, place, 0),
            DType::I16 => ins.sload16(types::I64, flags, place, 0),
            DType::I32 => ins.sload32(flags, place, 0),
            DType::Bool | DType::U8 => ins.uload8(types::I64, flags, place, 0),
            DType::U16 => ins.uload16(types::I64, flags, place, 0),
            DType::U32 => ins.uload32(flags, place, 0),
            _ => ins.load(types::I64, flags, place, 0),
        }
    }

    fn store(&mut self, dtype: DType, place: Value, value: Value) {
        let flags = MemFlags::new().with_notrap();
        match dtype {
            DType::F32 => {
                let single = self.b.ins().fdemote(types::F32, value);
                self.b.ins().store(flags, single, place, 0);
            }
            DType::Bool | DType::I8 | DType::U8 => {
                self.b.ins().istore8(flags, value, place, 0);
            }
            DType::I16 | DType::U16 => {
                self.b.ins().istore16(flags, value, place, 0);
            }
            DType::I32 | DType::U32 => {
                self.b.ins().istore32(flags, value, place, 0);
            }
            _ => {
                self.b.ins().store(flags, value, place, 0);
            }
        }
    }

    /// Calls a function of words.
    pub fn call_runtime(&mut self, address: usize, args: &[Value], gives: bool) -> Option<Value> {
        let key = (args.len(), 0, gives);
        let signature = match self.signatures.get(&key) {
            Some(known) => *known,
            None => {
                let mut signature = Signature::new(CallConv::SystemV);
                signature.params = vec![AbiParam::new(types::I64); args.len()];
                signature.returns = vec![AbiParam::new(types::I64); gives as usize];
                let made = self.b.import_signature(signature);
                self.signatures.insert(key, made);
                made
            }
        };
        let callee = self.b.ins().iconst(types::I64, address as i64);
        let call = self.b.ins().call_indirect(signature, callee, args);
        self.b.inst_results(call).first().copied()
    }

    fn call_floats(&mut self, address: usize, data: Value, a: Value, b: Value) -> Value {
        let key = (1, 2, true);
        let signature = match self.signatures.get(&key) {
            Some(known) => *known,
            None => {
                let mut signature = Signature::new(CallConv::SystemV);
                let types = [types::I64, types::F64, types::F64];
                signature.params = types.map(AbiParam::new).to_vec();
                signature.returns = vec![AbiParam::new(types::F64)];
                let made = self.b.import_signature(signature);
                self.signatures.insert(key, made);
                made
            }
        };
        let callee = self.b.ins().iconst(types::I64, address as i64);
        let call = self.b.ins().call_indirect(signature, callee, &[data, a, b]);
        self.b.inst_results(call)[0]
    }
}
