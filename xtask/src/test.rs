//! `cargo xtask test`: every test, after the same set-up as the demo's.

use crate::options::Options;
use crate::shell::{Result, command, root, run as run_command, step, target};
use crate::{demo, notebooks, python, system, wheel};

pub fn run(options: &Options) -> Result<()> {
    system::ensure(system::NEEDS, options)?;
    if options.browser {
        system::ensure(system::BROWSER, options)?;
    }
    step("Formatting and lints");
    run_command(command("cargo").args(["fmt", "--all", "--check"]))?;
    run_command(command("cargo").args(["clippy", "--workspace", "--all-targets", "--quiet"]))?;
    step("Unit, property and golden tests; processes and faults");
    run_command(command("cargo").args(["build", "--workspace", "--bins", "--quiet"]))?;
    let rows = target().join("rows.json");
    let programs = target().join("programs.json");
    let files = [("DISTARRAY_ROWS_FILE", &rows), ("DISTARRAY_PROGRAMS_FILE", &programs)];
    run_command(command("cargo").args(["test", "--workspace", "--quiet"]).envs(files))?;

    demo::prepare(options, options.browser)?;
    step("The expectations of the golden programs, and NumPy's names, checked against NumPy");
    for script in ["golden.py", "names.py"] {
        let path = root().join("tests/oracle").join(script);
        run_command(command(python::program("python")).arg(path).arg("--check"))?;
    }
    step("Random calls of every builtin, and random programs, checked against NumPy");
    for (script, file) in [("rows.py", &rows), ("programs.py", &programs)] {
        run_command(
            command(python::program("python")).arg(root().join("tests/oracle").join(script)).arg(file),
        )?;
    }
    notebooks::test()?;
    wheel::write()?;
    step("Jupyter clients");
    let mut pytest = python::jupyter("python");
    pytest.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "--timeout=300", "tests/jupyter"]);
    pytest.env("DISTARRAY_KERNELSPEC", python::prefix().join("share/jupyter/kernels/distarray"));
    pytest.env("DISTARRAY_WHEEL", wheel::folder());
    pytest.env("DISTARRAY_ARTEFACTS", target().join("artefacts"));
    if !options.browser {
        println!("The browser tests are skipped: pass --browser to fetch Chromium and run them.");
        pytest.args(["--ignore", "tests/jupyter/test_browser.py"]);
    }
    run_command(&mut pytest)?;
    println!("\nAll tests passed.");
    Ok(())
}
