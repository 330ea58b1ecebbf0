//! A program outside the workspace uses the client as any user would, with each choice of features.

use verbatim_proof::{apis, outside, workspace};

/// What the program prints with the default features.
const CLOUD_PANEL: &str = r#"{"name":"web","hardware":{"fixed_instance_size_id":"8C626C1A7005D0D1F527143C413D461E"},"appliance_id":"B5F778B85C041347BCDCFC3172AB3F3C","power_on":false}
39AA
{"id":"39AA","status":{"state":"THINKING","percent":null},"price":60.50}
"#;

fn run(features: &[&str]) -> String {
    let folder = workspace().join("tests/downstream");
    // The versions proved here are the ones that the workspace is locked to.
    std::fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let output = outside()
        .args(["run", "--quiet"])
        .args(features)
        .current_dir(&folder)
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{features:?}: {complaint}");
    assert!(!complaint.contains("warning"), "{features:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_program_of_a_user_runs_with_each_choice_of_features() {
    assert_eq!(run(&[]), CLOUD_PANEL);
    let manifest =
        std::fs::read_to_string(workspace().join("tests/downstream/Cargo.toml")).unwrap();
    for (api, _) in apis() {
        // The program has a part for each API that it knows; any other must compile alone all the same.
        let is_known = manifest.contains(&format!("\n{api} = ["));
        let feature = if is_known {
            (*api).to_owned()
        } else {
            format!("cloud-panels/{api}")
        };
        // With nothing beside it, and with what a user adds to call a server in either format.
        let with_all = format!("{feature},cloud-panels/rustls,cloud-panels/xml");
        for features in [feature, with_all] {
            let printed = run(&["--no-default-features", "--features", &features]);
            assert_eq!(printed.starts_with('{'), is_known, "{features}: {printed}");
        }
    }
}
