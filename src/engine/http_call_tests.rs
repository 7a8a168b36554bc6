//! What goes over the line, and which answers are understood.

use super::*;

#[test]
fn a_request_is_written_whole() {
    let call = Call {
        method: "POST",
        path: "/beacon/a_0000001",
        headers: &[("User-Agent", "Test/1"), ("X-Forwarded-For", "192.0.2.7")],
        body: b"{}",
    };
    let bytes = call.bytes("127.0.0.1:8301".parse().unwrap()).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        "POST /beacon/a_0000001 HTTP/1.1\r\nHost: 127.0.0.1:8301\r\nConnection: close\r\n\
         User-Agent: Test/1\r\nX-Forwarded-For: 192.0.2.7\r\nContent-Length: 2\r\n\r\n{}"
    );
}

#[test]
fn the_status_is_read_and_nothing_else_is_believed() {
    let cases: [(&[u8], Option<u16>); 6] = [
        (b"HTTP/1.1 204 No Content\r\n", Some(204)),
        (b"HTTP/1.1 503", Some(503)),
        (b"HTTP/1.1 20", None),
        (b"HTTP/1.1 2x4 No", None),
        (b"SSH-2.0-Server", None),
        (b"", None),
    ];
    for (head, expected) in cases {
        assert_eq!(status(head), expected, "{}", String::from_utf8_lossy(head));
    }
}
