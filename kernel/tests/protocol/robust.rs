//! Garbage, wrong keys, encryption, and front ends that come back under the same identity.

use kernel::session::Input;
use kernel::signals::Signal;
use kernel::sockets::Incoming;
use serde_json::json;

use crate::front_end::{FrontEnd, ready};

#[test]
fn garbage_and_bad_signatures_are_dropped() {
    let mut f = FrontEnd::start(ready());
    let (_, good) = f.frames("execute_request", json!({"code": "%who"}));
    let mut forged = good.clone();
    forged[1][0] ^= 1;
    let mut changed = good.clone();
    changed[5].extend(b" ");
    let short = good[..3].to_vec();
    for frames in
        [forged, changed, short, vec![vec![]], vec![vec![0xff; 1 << 20]], vec![b"<IDS|MSG>".to_vec(); 9]]
    {
        for socket in [&f.shell, &f.control] {
            socket.send_multipart(frames.clone(), 0).unwrap();
        }
    }
    // The next message is the answer to the next good request: none of those had an effect.
    let (reply, _) = f.cell("%who", &["stdout"]);
    assert_eq!(reply["execution_count"], 1);
    f.beat();
    f.shut_down();
}

#[test]
fn an_identity_may_be_used_again_at_once() {
    let mut f = FrontEnd::start(ready());
    for _ in 0..200 {
        let again = f.connect(zmq::DEALER, "shell_port", b"the same");
        let id = f.send(&again, "kernel_info_request", json!({}));
        f.expect_on(&again, &id, "kernel_info_reply");
        f.expect_published(&id, &["busy", "idle"]);
    }
    f.shut_down();
}

#[test]
fn curve_keys_in_the_connection_file() {
    let pair = zmq::CurveKeyPair::new().unwrap();
    let keys = json!({
        "curve_publickey": zmq::z85_encode(&pair.public_key).unwrap(),
        "curve_secretkey": zmq::z85_encode(&pair.secret_key).unwrap(),
    });
    let mut f = FrontEnd::start_with(ready(), keys);
    f.cell("%who", &["stdout"]);
    f.beat();
    // Without the kernel's public key, nothing is heard.
    let plain = zmq::Context::new().socket(zmq::DEALER).unwrap();
    plain.set_linger(0).unwrap();
    plain.set_rcvtimeo(300).unwrap();
    plain.connect(&f.url("shell_port")).unwrap();
    f.send(&plain, "kernel_info_request", json!({}));
    assert!(plain.recv_bytes(0).is_err());
    f.shut_down();
}

#[test]
fn a_subscription_is_welcomed_by_its_name() {
    let f = FrontEnd::start(ready());
    let subscriber = f.connect(zmq::SUB, "iopub_port", b"s");
    subscriber.set_subscribe(b"kernel").unwrap();
    let (kind, content, _) = f.receive(&subscriber);
    assert_eq!((kind.as_str(), content), ("iopub_welcome", json!({"subscription": "kernel"})));
    f.shut_down();
}

/// Requests with our signature and contents of every wrong kind: each is answered or ignored, and the kernel lives.
#[test]
fn contents_of_every_kind() {
    let mut f = FrontEnd::start(ready());
    let types = [
        "execute_request",
        "complete_request",
        "inspect_request",
        "is_complete_request",
        "history_request",
        "comm_info_request",
        "comm_open",
        "comm_msg",
        "kernel_info_request",
        "connect_request",
        "debug_request",
        "\u{0}",
    ];
    let fields = [
        "code",
        "cursor_pos",
        "hist_access_type",
        "n",
        "session",
        "start",
        "stop",
        "pattern",
        "user_expressions",
    ];
    let values = [
        json!(null),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!("%"),
        json!("?"),
        json!("%%time\n%%"),
        json!("é\u{0}["),
        json!({"a": []}),
        json!([[]]),
        json!(true),
        json!("range"),
        json!("search"),
        json!("*?*"),
    ];
    let mut seed = 7u64;
    let mut below = |n: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % n
    };
    for _ in 0..2000 {
        let mut content = json!({});
        for _ in 0..below(4) {
            content[fields[below(fields.len())]] = values[below(values.len())].clone();
        }
        let msg_type = types[below(types.len())];
        let id = if below(2) == 0 { f.shell(msg_type, content) } else { f.control(msg_type, content) };
        // Exactly one busy and one idle, whatever stands between them.
        let mut states = Vec::new();
        while states.len() < 2 {
            let (kind, content, parent) = f.published();
            assert_eq!(parent, id);
            if kind == "status" {
                states.push(content["execution_state"].as_str().unwrap().to_string());
            }
        }
        assert_eq!(states, ["busy", "idle"]);
    }
    // The replies to all that are still in the sockets.
    f.inbox.send(Input::Jupyter(Incoming::Signal(Signal::Terminate))).unwrap();
    f.wait();
}
