//! Text files, whole: what `np.loadtxt` and its kin are written with. Rank 0 reads and writes; every rank has the text.

use std::fs;

use lang::error::{Class, Error, Result};

use super::Machine;
use super::raise::{Eval, type_error};
use super::types::type_name;
use crate::exec::npy::os_error;
use crate::value::Value;

/// `read_text(file)`. Collective; an error of rank 0 is one of all.
pub fn read(machine: &mut Machine, file: &Value) -> Eval<Value> {
    let name = name(file)?;
    let ctx = &mut machine.ctx;
    ctx.refuse_alone("read_text()", "read it outside of the local function, and pass what is in it")?;
    let mine = match ctx.comm.rank() {
        0 => contents(name),
        _ => Ok(String::new()),
    };
    let mine = ctx.agree(mine)?;
    let all = ctx.comm.allgather(mine.as_bytes());
    let text = all.first().map_or("".into(), |bytes| String::from_utf8_lossy(bytes));
    Ok(Value::str(&text))
}

fn contents(name: &str) -> Result<String> {
    let bytes = fs::read(name).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::new(Class::FileNotFoundError, format!("{name} not found.")),
        _ => os_error(&e, name),
    })?;
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        Error::value(format!("{name} is no text in UTF-8: its byte {at} is no character's"))
    })
}

/// `write_text(file, text)`: under the name there is the old file or the whole new one. Collective.
pub fn write(machine: &mut Machine, file: &Value, text: &Value) -> Eval<Value> {
    let name = name(file)?;
    machine.ctx.refuse_alone("write_text()", "return what is to be written, and write it outside")?;
    let Value::Str(text) = text else {
        return type_error(format!("write_text takes a str, not {}", type_name(text)));
    };
    let mine = match machine.ctx.comm.rank() {
        0 => replace(name, text),
        _ => Ok(()),
    };
    machine.ctx.agree(mine)?;
    Ok(Value::None)
}

fn replace(name: &str, text: &str) -> Result<()> {
    let part = format!("{name}.part");
    let done = fs::write(&part, text).and_then(|()| fs::rename(&part, name));
    done.map_err(|e| {
        // Nothing more can be done about a part that cannot be removed either.
        let _ = fs::remove_file(&part);
        os_error(&e, name)
    })
}

fn name(file: &Value) -> Eval<&str> {
    match file {
        Value::Str(name) => Ok(name),
        other => type_error(format!("expected str, bytes or os.PathLike object, not {}", type_name(other))),
    }
}
