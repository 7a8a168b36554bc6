//! Posts numbered beacons over several connections and notes which were acknowledged.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

const CONNECTIONS: usize = 8;
/// Beacons of one visitor: fewer than the actions of a part.
const OF_VISITOR: u64 = 40;

/// The driver.
pub struct Driver {
    next: AtomicU64,
    acknowledged: Mutex<BTreeSet<u64>>,
    unanswered: Mutex<Vec<u64>>,
}

/// Key of the property that holds the number of a beacon: names of actions are bounded by day, values are not.
pub const NUMBER: &str = "number";

/// The visitor who sent the beacon with this number.
pub const fn visitor_of(number: u64) -> u64 {
    number / OF_VISITOR
}

impl Driver {
    pub fn new() -> Self {
        Self {
            next: AtomicU64::new(0),
            acknowledged: Mutex::default(),
            unanswered: Mutex::default(),
        }
    }

    /// Sends on all connections until the server is gone, while `then` decides about its end.
    pub fn run(&mut self, server: SocketAddr, then: impl FnOnce()) {
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..CONNECTIONS {
                scope.spawn(|| {
                    while !is_over.load(Ordering::SeqCst) {
                        self.send_until_broken(server);
                    }
                });
            }
            then();
            is_over.store(true, Ordering::SeqCst);
        });
    }

    fn send_until_broken(&self, server: SocketAddr) {
        let Ok(mut stream) = TcpStream::connect(server) else {
            std::thread::sleep(std::time::Duration::from_millis(5));
            return;
        };
        loop {
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            if !self.send(&mut stream, number) {
                self.unanswered.lock().unwrap().push(number);
                return;
            }
        }
    }

    fn send(&self, stream: &mut TcpStream, number: u64) -> bool {
        let mut answer = [0; 1_024];
        let sent = stream.write_all(request(number).as_bytes());
        let read = sent.and_then(|()| stream.read(&mut answer)).unwrap_or(0);
        let is_taken = answer[..read].starts_with(b"HTTP/1.1 204");
        if is_taken {
            self.acknowledged.lock().unwrap().insert(number);
        }
        is_taken
    }

    /// Sends what got no answer again, with the same ids.
    pub fn send_again(&mut self, server: SocketAddr) {
        let unanswered = std::mem::take(self.unanswered.get_mut().unwrap());
        let mut stream = TcpStream::connect(server).unwrap();
        for number in unanswered {
            assert!(self.send(&mut stream, number), "beacon {number} is taken the second time");
        }
    }

    /// Numbers of the beacons that were acknowledged.
    pub fn acknowledged(&self) -> BTreeSet<u64> {
        self.acknowledged.lock().unwrap().clone()
    }
}

fn request(number: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    let visitor = number / OF_VISITOR + 1;
    let body = format!(
        r#"{{"v":1,"id":"{:032x}","vi":"{visitor:032x}","bs":"{visitor:016x}","tab":"1","b":{now},"s":{now},"e":[{{"at":-20,"k":"a","t":"custom","n":"work","u":"https://shop.example.com/","d":20,"pr":{{"{NUMBER}":"{number}"}}}}]}}"#,
        number + 1,
    );
    format!(
        "POST /beacon/a_0000001 HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}
