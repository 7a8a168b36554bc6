//! A disk in memory under the day files: it refuses a write or a sync, is full, or loses power between two of them.
//!
//! What was written and not synced is lost in part when the power goes: each write survives whole, by its first
//! sectors, or not at all. A process that dies keeps what it wrote, as the kernel does.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use footfall::base::entropy::Entropy;
use redb::{Database, DatabaseError, StorageBackend};

const SECTOR: usize = 512;

/// What goes wrong; numbers count from now, beginning with 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// This write is refused.
    Write(u64),
    /// This sync is refused, and what waited for it is lost.
    Sync(u64),
    /// No file grows any more.
    Full,
    /// The power goes at this write, sync or change of length.
    Power(u64),
}

#[derive(Debug, Default)]
struct Image {
    durable: Vec<u8>,
    now: Vec<u8>,
    /// Written since the last sync: place and bytes.
    pending: Vec<(usize, Vec<u8>)>,
}

#[derive(Debug)]
struct State {
    files: BTreeMap<PathBuf, Image>,
    fault: Option<Fault>,
    /// Which start of the process the open handles must belong to.
    process: u64,
    has_power: bool,
    entropy: Entropy,
    /// How often each fault struck: write, sync, full, power.
    struck: [u64; 4],
}

/// The disk.
#[derive(Debug, Clone)]
pub struct Disk(Arc<Mutex<State>>);

thread_local! {
    /// The disk of the simulation that runs on this thread.
    static CURRENT: RefCell<Option<Disk>> = const { RefCell::new(None) };
}

fn refused(kind: ErrorKind, text: &str) -> Error {
    Error::new(kind, text.to_owned())
}

impl Disk {
    /// An empty disk, which is from now on the one of this thread.
    pub fn mount(seed: u64) -> Self {
        let state = State {
            files: BTreeMap::new(),
            fault: None,
            process: 0,
            has_power: true,
            entropy: Entropy::seeded(seed),
            struck: [0; 4],
        };
        let disk = Self(Arc::new(Mutex::new(state)));
        CURRENT.with_borrow_mut(|current| *current = Some(disk.clone()));
        disk
    }

    /// From now on this goes wrong.
    pub fn arm(&self, fault: Fault) {
        self.0.lock().unwrap().fault = Some(fault);
    }

    /// Nothing more goes wrong.
    pub fn heal(&self) {
        self.0.lock().unwrap().fault = None;
    }

    pub fn has_power(&self) -> bool {
        self.0.lock().unwrap().has_power
    }

    pub fn struck(&self) -> [u64; 4] {
        self.0.lock().unwrap().struck
    }

    /// The process dies: its handles reach nothing any more.
    pub fn kill(&self) {
        let mut state = self.0.lock().unwrap();
        state.process += 1;
        state.fault = None;
    }

    /// The power goes, if it did not yet, and comes back.
    pub fn cut_power(&self) {
        self.kill();
        let mut guard = self.0.lock().unwrap();
        let state = &mut *guard;
        state.has_power = true;
        for image in state.files.values_mut() {
            let length = image.durable.len().max(image.now.len());
            image.durable.resize(length, 0);
            for (at, bytes) in image.pending.drain(..) {
                let sectors = bytes.len().div_ceil(SECTOR);
                let kept = match state.entropy.below(3) {
                    0 => 0,
                    1 => SECTOR * usize::try_from(state.entropy.below(sectors as u64 + 1)).unwrap(),
                    _ => bytes.len(),
                };
                let kept = kept.min(bytes.len()).min(length.saturating_sub(at));
                image.durable[at..at + kept].copy_from_slice(&bytes[..kept]);
            }
            image.now.clone_from(&image.durable);
        }
    }

    fn backend(&self, path: &Path) -> Backend {
        let mut state = self.0.lock().unwrap();
        state.files.entry(path.to_owned()).or_default();
        Backend { disk: self.clone(), path: path.to_owned(), process: state.process }
    }

    fn rename(&self, from: &Path, to: &Path) {
        let mut state = self.0.lock().unwrap();
        let image = state.files.remove(from).unwrap();
        state.files.insert(to.to_owned(), image);
    }
}

/// Opens a database on the disk of this thread, as the product does on a real one: made beside its place first.
pub fn open(path: &Path, cache_bytes: usize) -> Result<Database, DatabaseError> {
    let disk = CURRENT.with_borrow(Clone::clone).unwrap();
    let build = |path: &Path| {
        Database::builder().set_cache_size(cache_bytes).create_with_backend(disk.backend(path))
    };
    if !path.exists() {
        let made = path.with_extension("new");
        disk.0.lock().unwrap().files.remove(&made);
        drop(build(&made)?);
        disk.rename(&made, path);
        // The store looks for its files by name.
        std::fs::write(path, b"").unwrap();
    }
    build(path)
}

#[derive(Debug)]
struct Backend {
    disk: Disk,
    path: PathBuf,
    process: u64,
}

impl Backend {
    fn with<T>(
        &self,
        work: impl FnOnce(&mut Image, &mut Option<Fault>, &mut [u64; 4]) -> Result<T, Error>,
        is_change: bool,
    ) -> Result<T, Error> {
        let mut guard = self.disk.0.lock().unwrap();
        let state = &mut *guard;
        if state.process != self.process || !state.has_power {
            return Err(refused(ErrorKind::Other, "the process is gone"));
        }
        if is_change && let Some(Fault::Power(left)) = &mut state.fault {
            if *left == 0 {
                state.has_power = false;
                state.fault = None;
                state.struck[3] += 1;
                return Err(refused(ErrorKind::Other, "the power is gone"));
            }
            *left -= 1;
        }
        let image = state.files.get_mut(&self.path).unwrap();
        work(image, &mut state.fault, &mut state.struck)
    }
}

impl StorageBackend for Backend {
    fn len(&self) -> Result<u64, Error> {
        self.with(|image, _, _| Ok(image.now.len() as u64), false)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), Error> {
        self.with(
            |image, _, _| {
                let start = usize::try_from(offset).unwrap();
                let bytes = image.now.get(start..start + out.len());
                let bytes =
                    bytes.ok_or_else(|| refused(ErrorKind::UnexpectedEof, "beyond the end"))?;
                out.copy_from_slice(bytes);
                Ok(())
            },
            false,
        )
    }

    fn set_len(&self, len: u64) -> Result<(), Error> {
        self.with(
            |image, fault, struck| {
                let len = usize::try_from(len).unwrap();
                if *fault == Some(Fault::Full) && len > image.now.len() {
                    struck[2] += 1;
                    return Err(refused(ErrorKind::StorageFull, "no space left"));
                }
                image.now.resize(len, 0);
                image.pending.retain_mut(|(at, bytes)| {
                    bytes.truncate(len.saturating_sub(*at));
                    !bytes.is_empty()
                });
                Ok(())
            },
            true,
        )
    }

    fn sync_data(&self) -> Result<(), Error> {
        self.with(
            |image, fault, struck| {
                if let Some(Fault::Sync(left)) = fault {
                    if *left == 0 {
                        *fault = None;
                        struck[1] += 1;
                        image.pending.clear();
                        image.now.clone_from(&image.durable);
                        return Err(refused(ErrorKind::Other, "the disk does not sync"));
                    }
                    *left -= 1;
                }
                image.durable.clone_from(&image.now);
                image.pending.clear();
                Ok(())
            },
            true,
        )
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), Error> {
        self.with(
            |image, fault, struck| {
                if let Some(Fault::Write(left)) = fault {
                    if *left == 0 {
                        *fault = None;
                        struck[0] += 1;
                        return Err(refused(ErrorKind::Other, "the disk does not write"));
                    }
                    *left -= 1;
                }
                let start = usize::try_from(offset).unwrap();
                let place = image.now.get_mut(start..start + data.len());
                let place =
                    place.ok_or_else(|| refused(ErrorKind::UnexpectedEof, "beyond the end"))?;
                place.copy_from_slice(data);
                image.pending.push((start, data.to_vec()));
                Ok(())
            },
            true,
        )
    }
}
