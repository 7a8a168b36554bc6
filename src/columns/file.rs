//! Columns of a day as files: one Arrow IPC file a table, uncompressed, so that they are mapped and opened by other tools
//! as they are, and a manifest with their lengths and checksums.
//!
//! `columns/` beside the day's index holds `sessions.arrow`, `actions.arrow`, `views.arrow` and `manifest.json`; days with
//! many actions have further ones, `actions-2.arrow` and so on, each with rows of its own. It is written as `columns.new`
//! and renamed: either all of it is there or nothing.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::types::{ArrowDictionaryKeyType, UInt8Type, UInt16Type, UInt32Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Int32Array, PrimitiveArray, RecordBatch, StringArray,
    UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use arrow_buffer::{Buffer, NullBuffer};
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{FileDecoder, read_footer_length};
use arrow_ipc::root_as_footer;
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema};
use serde::{Deserialize, Serialize};

use super::column::{Column, Kind, Numbers};
use super::map::map;
use super::tables::{ActionColumn, Part, SessionColumn, Table, ViewColumn};

/// Version of the columns: files of another one are made anew.
const VERSION: u32 = 1;
/// Bytes after the footer of an Arrow file: its length and the magic word.
const TRAILER: usize = 10;
const MANIFEST: &str = "manifest.json";

/// Why files of columns cannot be used. They are derived: the answer is to make them anew.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The disk.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The format.
    #[error("{0}")]
    Arrow(#[from] ArrowError),
    /// The content.
    #[error("{0}")]
    Wrong(String),
}

#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    version: u32,
    /// Sequence of the store that the tables show.
    sequence: u64,
    /// Times three tables.
    parts: usize,
    tables: Vec<ManifestTable>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ManifestTable {
    file: String,
    bytes: u64,
    crc32: u32,
    rows: usize,
}

fn wrong(text: impl Into<String>) -> FileError {
    FileError::Wrong(text.into())
}

type Named<'a> = (&'static str, &'a Table, &'static [(&'static str, Kind)]);

/// The tables with their names in files.
fn named(part: &Part) -> [Named<'_>; 3] {
    [
        ("sessions", &part.sessions, SessionColumn::ALL),
        ("actions", &part.actions, ActionColumn::ALL),
        ("views", &part.views, ViewColumn::ALL),
    ]
}

fn file_name(table: &str, number: usize) -> String {
    if number == 0 { format!("{table}.arrow") } else { format!("{table}-{}.arrow", number + 1) }
}

/// Files that are being written beside their place.
pub(super) struct Writing<'a> {
    folder: &'a Path,
    fresh: PathBuf,
    parts: usize,
    tables: Vec<ManifestTable>,
}

impl<'a> Writing<'a> {
    /// Begins to write the columns in `folder`.
    pub fn begin(folder: &'a Path) -> Result<Self, FileError> {
        let fresh = folder.with_extension("new");
        remove(&fresh)?;
        fs::create_dir_all(&fresh)?;
        Ok(Self { folder, fresh, parts: 0, tables: Vec::new() })
    }

    /// Writes a part.
    pub fn add(&mut self, part: &Part) -> Result<(), FileError> {
        for (name, table, columns) in named(part) {
            let file = file_name(name, self.parts);
            let path = self.fresh.join(&file);
            write_table(&path, table, columns)?;
            let bytes = map(&path)?;
            let crc32 = crc32fast::hash(&bytes);
            let (bytes, rows) = (bytes.len() as u64, table.rows);
            self.tables.push(ManifestTable { file, bytes, crc32, rows });
        }
        self.parts += 1;
        Ok(())
    }

    /// Puts the files in place of what is there. They show the store at `sequence`.
    pub fn finish(self, sequence: u64) -> Result<(), FileError> {
        let Self { folder, fresh, parts, tables } = self;
        let manifest = serde_json::to_vec(&Manifest { version: VERSION, sequence, parts, tables });
        let manifest = manifest.map_err(|error| wrong(error.to_string()))?;
        let mut file = File::create(fresh.join(MANIFEST))?;
        file.write_all(&manifest)?;
        file.sync_all()?;
        remove(folder)?;
        fs::rename(&fresh, folder)?;
        Ok(())
    }
}

/// Removes a folder, when it is there.
pub(super) fn remove(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn write_table(path: &Path, table: &Table, columns: &[(&str, Kind)]) -> Result<(), FileError> {
    let arrays: Vec<ArrayRef> = table.columns.iter().map(array).collect::<Result<_, _>>()?;
    let fields: Vec<Field> = columns
        .iter()
        .zip(&arrays)
        .map(|((name, kind), array)| {
            Field::new(*name, array.data_type().clone(), *kind == Kind::Optional)
        })
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let mut writer = FileWriter::try_new(BufWriter::new(File::create(path)?), &schema)?;
    writer.write(&RecordBatch::try_new(schema, arrays)?)?;
    writer.finish()?;
    let file = writer.into_inner()?.into_inner().map_err(|error| wrong(error.to_string()))?;
    file.sync_all()?;
    Ok(())
}

fn array(column: &Column) -> Result<ArrayRef, FileError> {
    if column.kind == Kind::Text {
        return Ok(match &column.numbers {
            Numbers::U8(codes) => texts::<UInt8Type>(UInt8Array::new(codes.clone(), None), column)?,
            Numbers::U16(codes) => {
                texts::<UInt16Type>(UInt16Array::new(codes.clone(), None), column)?
            }
            Numbers::U32(codes) => {
                texts::<UInt32Type>(UInt32Array::new(codes.clone(), None), column)?
            }
            Numbers::I32(_) | Numbers::U64(_) => return Err(wrong("a text without codes")),
        });
    }
    let is_optional = column.kind == Kind::Optional;
    let nulls = |is_some: Vec<bool>| is_optional.then(|| NullBuffer::from(is_some));
    Ok(match &column.numbers {
        Numbers::U8(values) => {
            let nulls = nulls(values.iter().map(|value| *value != u8::MAX).collect());
            Arc::new(UInt8Array::new(values.clone(), nulls))
        }
        Numbers::U16(values) => {
            let nulls = nulls(values.iter().map(|value| *value != u16::MAX).collect());
            Arc::new(UInt16Array::new(values.clone(), nulls))
        }
        Numbers::U32(values) => {
            let nulls = nulls(values.iter().map(|value| *value != u32::MAX).collect());
            Arc::new(UInt32Array::new(values.clone(), nulls))
        }
        Numbers::I32(values) => Arc::new(Int32Array::new(values.clone(), None)),
        Numbers::U64(values) => Arc::new(UInt64Array::new(values.clone(), None)),
    })
}

fn texts<T: ArrowDictionaryKeyType>(
    codes: PrimitiveArray<T>,
    column: &Column,
) -> Result<ArrayRef, ArrowError> {
    Ok(Arc::new(DictionaryArray::<T>::try_new(codes, Arc::new(column.texts.clone()))?))
}

/// Opens the columns of a day; `None` when there are none, or when the store has changed since. Every byte is compared with
/// its checksum once.
pub(super) fn open(folder: &Path, sequence: u64) -> Result<Option<Vec<Part>>, FileError> {
    let manifest = match fs::read(folder.join(MANIFEST)) {
        Ok(manifest) => manifest,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let manifest: Manifest =
        serde_json::from_slice(&manifest).map_err(|error| wrong(error.to_string()))?;
    if manifest.version != VERSION {
        return Err(wrong("it was made by another version"));
    }
    if manifest.sequence != sequence {
        return Ok(None);
    }
    let parts = (0..manifest.parts).map(|number| read_part(folder, &manifest, number));
    Ok(Some(parts.collect::<Result<_, _>>()?))
}

fn read_part(folder: &Path, manifest: &Manifest, number: usize) -> Result<Part, FileError> {
    let empty = Part::default();
    let mut tables = Vec::new();
    for (name, _, columns) in named(&empty) {
        let file = file_name(name, number);
        let known = manifest.tables.iter().find(|table| table.file == file);
        let known = known.ok_or_else(|| wrong(format!("the manifest does not name {file}")))?;
        let bytes = map(&folder.join(&file))?;
        if bytes.len() as u64 != known.bytes || crc32fast::hash(&bytes) != known.crc32 {
            return Err(wrong(format!("{file} is not what was written")));
        }
        let table = read_table(&bytes, columns)?;
        if table.rows != known.rows {
            return Err(wrong(format!("{file} has other rows than the manifest says")));
        }
        tables.push(table);
    }
    let mut tables = tables.into_iter();
    let mut next = || tables.next().unwrap_or_default();
    Ok(Part::new(next(), next(), next()))
}

fn read_table(bytes: &Buffer, columns: &[(&str, Kind)]) -> Result<Table, FileError> {
    let batch = read_batch(bytes)?.ok_or_else(|| wrong("a file without rows"))?;
    let mut read = Vec::with_capacity(columns.len());
    for (name, kind) in columns {
        let array = batch.column_by_name(name).ok_or_else(|| wrong(format!("no column {name}")))?;
        let column =
            column(array, *kind).ok_or_else(|| wrong(format!("{name} is of another type")))?;
        read.push(column);
    }
    Ok(Table { columns: read, rows: batch.num_rows() })
}

/// The record batch of a file; its columns point into the mapping.
fn read_batch(bytes: &Buffer) -> Result<Option<RecordBatch>, FileError> {
    let end = bytes.len().checked_sub(TRAILER).ok_or_else(|| wrong("a file without an end"))?;
    let trailer = bytes.get(end..).and_then(|trailer| trailer.try_into().ok());
    let length = read_footer_length(trailer.ok_or_else(|| wrong("a file without an end"))?)?;
    let footer = end.checked_sub(length).and_then(|start| bytes.get(start..end));
    let footer = root_as_footer(footer.ok_or_else(|| wrong("a file without a footer"))?)
        .map_err(|error| wrong(error.to_string()))?;
    let schema = footer.schema().ok_or_else(|| wrong("a file without a schema"))?;
    let mut decoder = FileDecoder::new(Arc::new(try_fb_to_schema(schema)?), footer.version());
    let slice = |block: &arrow_ipc::Block| {
        let at = usize::try_from(block.offset()).ok();
        let length = usize::try_from(block.bodyLength() + i64::from(block.metaDataLength())).ok();
        let found = at
            .zip(length)
            .filter(|(at, length)| at.checked_add(*length).is_some_and(|end| end <= bytes.len()));
        found.map(|(at, length)| bytes.slice_with_length(at, length))
    };
    for block in footer.dictionaries().iter().flatten() {
        let data = slice(block).ok_or_else(|| wrong("a block outside of the file"))?;
        decoder.read_dictionary(block, &data)?;
    }
    let batches = footer.recordBatches().ok_or_else(|| wrong("a file without batches"))?;
    if batches.is_empty() {
        return Ok(None);
    }
    let block = batches.get(0);
    let data = slice(block).ok_or_else(|| wrong("a block outside of the file"))?;
    Ok(decoder.read_record_batch(block, &data)?)
}

fn column(array: &ArrayRef, kind: Kind) -> Option<Column> {
    let any = array.as_any();
    let no_texts = || StringArray::from(Vec::<&str>::new());
    if kind == Kind::Text {
        let DataType::Dictionary(key, _) = array.data_type() else { return None };
        let (numbers, texts) = match key.as_ref() {
            DataType::UInt8 => {
                let found = any.downcast_ref::<DictionaryArray<UInt8Type>>()?;
                (Numbers::U8(found.keys().values().clone()), found.values())
            }
            DataType::UInt16 => {
                let found = any.downcast_ref::<DictionaryArray<UInt16Type>>()?;
                (Numbers::U16(found.keys().values().clone()), found.values())
            }
            DataType::UInt32 => {
                let found = any.downcast_ref::<DictionaryArray<UInt32Type>>()?;
                (Numbers::U32(found.keys().values().clone()), found.values())
            }
            _ => return None,
        };
        return Some(Column {
            numbers,
            kind,
            texts: texts.as_any().downcast_ref::<StringArray>()?.clone(),
        });
    }
    let numbers = match array.data_type() {
        DataType::UInt8 => Numbers::U8(any.downcast_ref::<UInt8Array>()?.values().clone()),
        DataType::UInt16 => Numbers::U16(any.downcast_ref::<UInt16Array>()?.values().clone()),
        DataType::UInt32 => Numbers::U32(any.downcast_ref::<UInt32Array>()?.values().clone()),
        DataType::Int32 => Numbers::I32(any.downcast_ref::<Int32Array>()?.values().clone()),
        DataType::UInt64 => Numbers::U64(any.downcast_ref::<UInt64Array>()?.values().clone()),
        _ => return None,
    };
    let fits = match kind {
        Kind::Time => matches!(numbers, Numbers::I32(_)),
        Kind::Hash => matches!(numbers, Numbers::U64(_)),
        _ => !matches!(numbers, Numbers::I32(_) | Numbers::U64(_)),
    };
    fits.then(|| Column { numbers, kind, texts: no_texts() })
}
