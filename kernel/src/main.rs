//! `distarray-kernel`: reads the command line, and runs a session from the first socket to the last.

use std::process::ExitCode;
use std::sync::mpsc::channel;

use kernel::args::{self, Args};
use kernel::connection::Connection;
use kernel::kernelspec;
use kernel::session::engines::{self, Engines};
use kernel::session::history::History;
use kernel::session::{Input, Session};
use kernel::signals::Signals;
use kernel::sockets;
use kernel::team::Spec;

fn main() -> ExitCode {
    let result = match args::parse(std::env::args().skip(1)) {
        Ok(Args::Version) => {
            println!("distarray-kernel {}", env!("CARGO_PKG_VERSION"));
            Ok(())
        }
        Ok(Args::Help) => {
            print!("{}", args::USAGE);
            Ok(())
        }
        Ok(Args::Install { prefix }) => kernelspec::install(prefix.as_deref())
            .map(|folder| println!("kernelspec written to {}", folder.display())),
        Ok(Args::Run { connection, engines }) => run(&connection, engines),
        Err(why) => Err(format!("{why}\n\n{}", args::USAGE)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("distarray-kernel: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run(connection: &std::path::Path, engines: Option<String>) -> Result<(), String> {
    let connection = Connection::read(connection)?;
    let spec = match engines.filter(|text| !text.trim().is_empty()) {
        Some(text) => Ok(Spec::parse(&text)?),
        // Who meets a kernel in a browser does not see it die of an environment variable: the cells say what is wrong.
        None => match std::env::var("DISTARRAY_ENGINES") {
            Ok(text) if !text.trim().is_empty() => {
                Spec::parse(&text).map_err(|why| format!("DISTARRAY_ENGINES: {why}"))
            }
            _ => Ok(Spec::default()),
        },
    };
    let signals = Signals::install().map_err(|e| format!("signals: {e}"))?;
    let (sender, inbox) = channel();
    let outbox = sockets::open(&connection, Some(signals), sender.clone(), Input::Jupyter)?;
    let (commands, received) = channel();
    let server = std::thread::spawn(move || engines::serve(received, sender));
    let engines = match spec {
        Ok(spec) => Engines::start(commands, spec),
        Err(why) => Engines::none(commands, why),
    };
    let history = History::open(History::path().as_deref());
    // Ends with its outputs sent and its end of `commands` dropped, upon which the engines are stopped.
    Session::new(outbox, inbox, engines, history).run();
    server.join().map_err(|_| "the engines could not be stopped in order".to_string())
}
