//! The exported model, read by HiGHS from its file, has the optimum that is published.

#![cfg(feature = "highs")]
#![allow(unsafe_code, reason = "HiGHS reads a model file only through its C interface")]
#![allow(clippy::unwrap_used, reason = "a test fails where an unwrap does")]

use std::ffi::CString;
use std::path::Path;
use std::process::Command;

use grantfolio::allocation::Document;

/// The optimum HiGHS finds for a model file, with both gaps zero.
fn optimum(file: &Path) -> f64 {
    let text = |text: &str| CString::new(text).unwrap();
    let (path, quiet) = (text(file.to_str().unwrap()), text("output_flag"));
    let (relative, absolute) = (text("mip_rel_gap"), text("mip_abs_gap"));
    // SAFETY: one instance, created, used and destroyed here, by one thread; every text outlives its call and ends in a zero byte.
    unsafe {
        let highs = highs_sys::Highs_create();
        assert!(!highs.is_null());
        highs_sys::Highs_setBoolOptionValue(highs, quiet.as_ptr(), 0);
        highs_sys::Highs_setDoubleOptionValue(highs, relative.as_ptr(), 0.0);
        highs_sys::Highs_setDoubleOptionValue(highs, absolute.as_ptr(), 0.0);
        assert_eq!(highs_sys::Highs_readModel(highs, path.as_ptr()), highs_sys::STATUS_OK);
        assert_eq!(highs_sys::Highs_run(highs), highs_sys::STATUS_OK);
        assert_eq!(highs_sys::Highs_getModelStatus(highs), highs_sys::MODEL_STATUS_OPTIMAL);
        let value = highs_sys::Highs_getObjectiveValue(highs);
        highs_sys::Highs_destroy(highs);
        value
    }
}

fn grantfolio(arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_grantfolio"));
    let output = command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn highs_reads_both_forms_and_finds_the_published_optimum() {
    let folder = tempfile::tempdir().unwrap();
    for scenario in ["scenarios/smallest", "scenarios/choice"] {
        let document: Document =
            serde_json::from_slice(&grantfolio(&["optimize", scenario, "--format", "json"])).unwrap();
        let published: f64 = document.objective.to_string().parse().unwrap();
        for (option, name) in [("--mps", "model.mps"), ("--lp", "model.lp")] {
            let file = folder.path().join(name);
            grantfolio(&["export", scenario, option, file.to_str().unwrap()]);
            let found = optimum(&file);
            // The model may exceed the plan by what is cut to cents.
            assert!((found - published).abs() < 0.02, "{scenario} {name}: {found}, published {published}");
        }
        // The backend itself leads to the same document.
        let by_highs: Document = serde_json::from_slice(&grantfolio(&[
            "optimize", scenario, "--format", "json", "--solver", "highs",
        ]))
        .unwrap();
        assert_eq!(by_highs.objective, document.objective);
        assert_eq!(by_highs.solver.backend, "highs");
    }
}
