//! Functions of the user's that a program calls: made once for the types of their arguments, and pure.

use super::code::{Body, Op, Ty};
use super::lower::{Made, Maker, Signature};
use super::scope::{Scope, State, Val};
use crate::ir::{ParamKind, Var};

/// How often a function is made again because what it calls turned out to give something else.
const ROUNDS: usize = 4;

/// Registers of a function: they may all lie on the stack, and calls may be a thousand deep.
const MOST_REGISTERS: usize = 500;

impl Maker<'_, '_> {
    pub fn call_function(&mut self, state: &mut State, function: u32, args: &[Val]) -> Made<Val> {
        let types: Vec<Ty> = args.iter().map(|a| a.ty).collect();
        let body = self.signature(function, &types)?;
        let found = self.signatures.iter_mut().find(|s| s.body == body).ok_or("a function")?;
        found.asked = true;
        let Some(ty) = found.result else {
            return Err("a function that only calls itself");
        };
        let to = self.reg(ty.word().ok_or("a function that gives no number")?);
        let exit = self.exit(state);
        let args = args.iter().map(|a| a.reg).collect();
        self.emit(state, Op::Call { to, body, args, exit });
        Ok(Val { reg: to, ty, constant: None })
    }

    /// The body of a function for arguments of these types.
    pub fn signature(&mut self, function: u32, params: &[Ty]) -> Made<u32> {
        let known = self.signatures.iter().find(|s| s.function == function && s.params == params);
        if let Some(known) = known {
            return Ok(known.body);
        }
        let source = (self.world.function)(function).ok_or("a function of another kind")?;
        let plain = |kind| matches!(kind, ParamKind::Normal | ParamKind::PositionalOnly);
        if source.generator
            || source.cells > 0
            || source.params.len() != params.len()
            || !source.params.iter().all(|p| plain(p.kind))
        {
            return Err("a function that shares variables, takes other arguments, or yields");
        }
        if params.iter().any(|ty| ty.word().is_none()) {
            return Err("an argument that is no number");
        }
        if self.signatures.len() >= 32 {
            return Err("too many functions");
        }
        let body = self.code.bodies.len() as u32;
        self.code.bodies.push(Body::default());
        let mine = self.signatures.len();
        self.signatures.push(Signature {
            function,
            params: params.to_vec(),
            body,
            result: None,
            asked: false,
        });
        for _ in 0..ROUNDS {
            // What it called is made again, for it may have asked for this one's result.
            self.signatures.truncate(mine + 1);
            self.code.bodies.truncate(body as usize + 1);
            self.signatures[mine].asked = false;
            let before = self.signatures[mine].result;
            let outer = std::mem::replace(&mut self.scope, Scope::of(function));
            self.scope.body.name = source.name.clone();
            let mut state = State { block: self.block(), types: Vec::new(), exit: None };
            for (i, ty) in params.iter().enumerate() {
                let Some(word) = ty.word() else { continue };
                let reg = self.reg(word);
                self.scope.body.params.push(reg);
                let value = Val { reg, ty: *ty, constant: None };
                self.bind(&mut state, Var::Local(i as u32), value)?;
            }
            let start = self.block();
            self.emit(&state, Op::Jump(start));
            state.block = start;
            self.exit(&mut state);
            let ends = self.statements(vec![state], &source.body);
            for end in ends {
                // It would give None.
                self.emit(&end, Op::Leave(0));
            }
            let made = std::mem::replace(&mut self.scope, outer).body;
            let result = made.result;
            self.signatures[mine].result = result;
            let settled = before == result || !self.signatures[mine].asked;
            let small = made.regs.len() <= MOST_REGISTERS;
            self.code.bodies[body as usize] = made;
            if result.is_some() && settled && small {
                return Ok(body);
            }
            if result.is_none() || !small {
                break;
            }
        }
        // Nobody can know what it gives: calls of it fail, those that it makes of itself among them.
        self.signatures.truncate(mine + 1);
        self.code.bodies.truncate(body as usize + 1);
        self.signatures[mine].result = None;
        let made = &mut self.code.bodies[body as usize];
        (made.result, made.blocks) = (None, vec![vec![Op::Leave(0)]]);
        Ok(body)
    }
}
