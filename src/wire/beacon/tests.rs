//! Tests of the beacon protocol.
