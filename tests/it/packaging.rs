//! What the packages ship works with the real binary: the unit's command, the example configuration, the word to the
//! service manager.

use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _ended = self.0.wait();
    }
}

fn packaging(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging").join(file)
}

/// A key of the unit; the last value when it has several.
fn unit(key: &str) -> String {
    let text = std::fs::read_to_string(packaging("systemd/footfall.service")).unwrap();
    let mut values = text.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    values.next_back().unwrap_or_else(|| panic!("the unit has no {key}")).to_owned()
}

#[test]
fn the_service_manager_hears_when_it_is_ready_and_when_it_stops() {
    assert_eq!(unit("Type"), "notify");
    let command = unit("ExecStart");
    let arguments = command.strip_prefix("/usr/bin/footfall ").unwrap();
    let example = packaging("config.example.toml");
    let arguments = arguments.replace("/etc/footfall/config.toml", example.to_str().unwrap());

    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    manager.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_footfall"))
        .args(arguments.split_whitespace())
        .current_dir(folder.path())
        .env("NOTIFY_SOCKET", &socket)
        .env("FOOTFALL_DATA__FREE_MIB_MIN", "1")
        .env("FOOTFALL_INGEST__LISTEN", "127.0.0.1:0")
        .env("FOOTFALL_ADMIN__LISTEN", "127.0.0.1:0")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut child = Ended(child);
    let heard = || {
        let mut buffer = [0; 256];
        let length = manager.recv(&mut buffer).unwrap();
        String::from_utf8_lossy(buffer.get(..length).unwrap()).into_owned()
    };
    assert!(heard().contains("READY=1"));
    // The unit's working folder is where the data lies by default.
    assert!(folder.path().join("footfall-data/catalog.redb").exists());
    assert!(Command::new("kill").arg(child.0.id().to_string()).status().unwrap().success());
    assert!(heard().contains("STOPPING=1"));
    assert!(child.0.wait().unwrap().success());
}

#[test]
fn user_and_folders_of_the_unit_are_made() {
    let user = std::fs::read_to_string(packaging("systemd/footfall.sysusers")).unwrap();
    let folders = std::fs::read_to_string(packaging("systemd/footfall.tmpfiles")).unwrap();
    let name = unit("User");
    assert!(user.lines().any(|line| line.starts_with("u ") && line.contains(&name)));
    let has = |path: &str| folders.lines().any(|line| line.split_whitespace().nth(1) == Some(path));
    assert!(has(&unit("WorkingDirectory")) && has("/etc/footfall"));
}
