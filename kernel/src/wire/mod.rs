//! Jupyter's wire format: routing identities, a delimiter, a signature, four JSON parts, buffers.
//!
//! Decoding keeps the parent's header as the bytes that came, so that a reply echoes fields that we do not know.

pub mod content;

use hmac::{Hmac, Mac};
use jupyter_protocol::JupyterMessageContent;
use serde_json::{Map, Value, json};
use sha2::Sha256;

/// The version of the protocol that we speak; 5.4 has `iopub_welcome`.
pub const PROTOCOL_VERSION: &str = "5.4";

const DELIMITER: &[u8] = b"<IDS|MSG>";

/// Signs and checks messages; an empty key means that nothing is signed.
#[derive(Clone)]
pub struct Signer(Option<Hmac<Sha256>>);

impl Signer {
    pub fn new(key: &str) -> Signer {
        let mac = || Hmac::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
        Signer((!key.is_empty()).then(mac))
    }

    fn mac(&self, parts: &[impl AsRef<[u8]>]) -> Option<Hmac<Sha256>> {
        let mut mac = self.0.clone()?;
        parts.iter().for_each(|part| mac.update(part.as_ref()));
        Some(mac)
    }

    /// The signature of these parts, in hexadecimal.
    pub fn sign(&self, parts: &[impl AsRef<[u8]>]) -> String {
        self.mac(parts).map_or_else(String::new, |mac| hex::encode(mac.finalize().into_bytes()))
    }

    /// In constant time.
    fn verify(&self, signature: &[u8], parts: &[impl AsRef<[u8]>]) -> bool {
        match self.mac(parts) {
            None => true,
            Some(mac) => hex::decode(signature).is_ok_and(|signature| mac.verify_slice(&signature).is_ok()),
        }
    }
}

/// A message from a front end, checked and taken apart.
#[derive(Clone, Debug)]
pub struct Request {
    /// The way back, as ROUTER gave it.
    pub identities: Vec<Vec<u8>>,
    pub msg_type: String,
    /// The header as it came.
    pub header: Vec<u8>,
    pub content: Value,
}

impl Request {
    /// The message's own id.
    pub fn id(&self) -> String {
        let header: Value = serde_json::from_slice(&self.header).unwrap_or_default();
        header.get("msg_id").and_then(Value::as_str).unwrap_or_default().to_string()
    }
}

/// Why a message was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bad {
    /// Not the frames of a Jupyter message.
    Frames,
    /// Not signed with our key.
    Signature,
    /// Signed, but a part of it is no JSON object, or the header names no type.
    Json,
}

/// Takes a message apart. Never panics, whatever the frames hold.
pub fn decode(mut frames: Vec<Vec<u8>>, signer: &Signer) -> Result<Request, Bad> {
    let at = frames.iter().position(|frame| frame == DELIMITER).ok_or(Bad::Frames)?;
    let mut rest = frames.split_off(at);
    if rest.len() < 6 {
        return Err(Bad::Frames);
    }
    if !signer.verify(&rest[1], &rest[2..6]) {
        return Err(Bad::Signature);
    }
    let object = |part: &[u8]| serde_json::from_slice::<Map<String, Value>>(part).map_err(|_| Bad::Json);
    let header = object(&rest[2])?;
    let msg_type = header.get("msg_type").and_then(Value::as_str).ok_or(Bad::Json)?.to_string();
    let content = Value::Object(object(&rest[5])?);
    Ok(Request { identities: frames, msg_type, header: rest.swap_remove(2), content })
}

/// The time as messages carry it: RFC 3339, with the six digits that all clients can read.
pub fn now() -> String {
    chrono::Utc::now().to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

/// Puts a message together. `prefix` is the routing identities, or the topic on iopub; `parent` is the header of
/// the request that it answers.
pub fn encode(
    prefix: &[Vec<u8>],
    content: JupyterMessageContent,
    parent: Option<&Request>,
    metadata: Value,
    session: &str,
    signer: &Signer,
) -> Vec<Vec<u8>> {
    let header = json!({
        "msg_id": uuid::Uuid::new_v4().to_string(),
        "msg_type": content.message_type(),
        "username": "distarray",
        "session": session,
        "date": now(),
        "version": PROTOCOL_VERSION,
    });
    let parts = [
        header.to_string().into_bytes(),
        parent.map_or_else(|| b"{}".to_vec(), |parent| parent.header.clone()),
        metadata.to_string().into_bytes(),
        serde_json::to_vec(&content).unwrap_or_else(|_| b"{}".to_vec()),
    ];
    let signature = signer.sign(&parts).into_bytes();
    let mut frames = prefix.to_vec();
    frames.extend([DELIMITER.to_vec(), signature]);
    frames.extend(parts);
    frames
}

#[cfg(test)]
mod tests {
    use super::*;
    use jupyter_protocol::Status;

    fn signed(signer: &Signer, parts: [&str; 4]) -> Vec<Vec<u8>> {
        let mut frames = vec![b"client".to_vec(), DELIMITER.to_vec(), signer.sign(&parts).into_bytes()];
        frames.extend(parts.map(|part| part.as_bytes().to_vec()));
        frames
    }

    #[test]
    fn a_reply_echoes_the_header_as_it_came() {
        let signer = Signer::new("secret");
        let header = r#"{"msg_type":"x_request", "subshell_id":"s1","n":1.10}"#;
        let request = decode(signed(&signer, [header, "{}", "{}", r#"{"a":1}"#]), &signer).unwrap();
        assert_eq!((request.msg_type.as_str(), &request.content), ("x_request", &json!({"a": 1})));
        let reply =
            encode(&request.identities, Status::idle().into(), Some(&request), json!({}), "s", &signer);
        assert_eq!(reply[0], b"client");
        assert_eq!(reply[4], header.as_bytes());
        assert!(signer.verify(&reply[2], &reply[3..7]));
        assert_eq!(reply[6], br#"{"execution_state":"idle"}"#);
    }

    #[test]
    fn bad_messages_are_told_apart() {
        let signer = Signer::new("secret");
        let header = r#"{"msg_type":"x"}"#;
        let check = |frames, expect| assert_eq!(decode(frames, &signer).err(), Some(expect));
        check(vec![], Bad::Frames);
        check(vec![DELIMITER.to_vec(); 5], Bad::Frames);
        check(signed(&Signer::new("other"), [header, "{}", "{}", "{}"]), Bad::Signature);
        check(signed(&Signer::new(""), [header, "{}", "{}", "{}"]), Bad::Signature);
        check(signed(&signer, ["[]", "{}", "{}", "{}"]), Bad::Json);
        check(signed(&signer, ["{}", "{}", "{}", "{}"]), Bad::Json);
        check(signed(&signer, [header, "{}", "{}", "[1"]), Bad::Json);
        check(signed(&signer, [header, "{}", "{}", &"[".repeat(100_000)]), Bad::Json);
        assert!(decode(signed(&Signer::new(""), [header, "", "", "{}"]), &Signer::new("")).is_ok());
    }

    /// A xorshift: the same garbage in every run.
    struct Noise(u64);

    impl Noise {
        fn below(&mut self, n: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % n as u64) as usize
        }
    }

    #[test]
    fn garbage_never_panics() {
        let (signer, open) = (Signer::new("secret"), Signer::new(""));
        let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
        let good = signed(&signer, [r#"{"msg_type":"execute_request"}"#, "{}", "{}", r#"{"code":"1"}"#]);
        for _ in 0..20_000 {
            let mut frames = good.clone();
            for _ in 0..1 + noise.below(4) {
                let at = noise.below(frames.len().max(1));
                match noise.below(5) {
                    0 if !frames.is_empty() => drop(frames.remove(at)),
                    1 => frames
                        .insert(at.min(frames.len()), (0..noise.below(20)).map(|i| i as u8 ^ 0xa5).collect()),
                    2 => frames.insert(at.min(frames.len()), DELIMITER.to_vec()),
                    _ => {
                        if let Some(frame) = frames.get_mut(at).filter(|frame| !frame.is_empty()) {
                            let byte = noise.below(frame.len());
                            frame[byte] ^= 1 << noise.below(8);
                        }
                    }
                }
            }
            if let Ok(request) = decode(frames.clone(), &open) {
                content::check_all(&request.content);
            }
            let _ = decode(frames, &signer);
        }
    }
}
