//! The connection file: where to bind, the signing key, and CURVE keys when the front end wants encryption.

use std::path::Path;

use jupyter_protocol::ConnectionInfo;
use serde::Deserialize;

/// A connection file, read.
#[derive(Debug, Deserialize)]
pub struct Connection {
    #[serde(flatten)]
    pub info: ConnectionInfo,
    /// Z85; both keys or none. The front end knows the public one, and so that it talks to the right kernel.
    pub curve_publickey: Option<String>,
    pub curve_secretkey: Option<String>,
    /// The part of the file's name that tells kernels apart; stands in the topics of iopub.
    #[serde(skip)]
    pub kernel_id: String,
}

/// A CURVE key pair, decoded.
pub struct Keys {
    pub public: Vec<u8>,
    pub secret: Vec<u8>,
}

impl Connection {
    /// Reads a connection file, and refuses one that asks for what this kernel does not do.
    pub fn read(path: &Path) -> Result<Connection, String> {
        let say = |problem: String| format!("connection file {}: {problem}", path.display());
        let text = std::fs::read_to_string(path).map_err(|e| say(e.to_string()))?;
        let mut connection = Connection::parse(&text).map_err(say)?;
        let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        connection.kernel_id = stem.strip_prefix("kernel-").unwrap_or(&stem).to_string();
        Ok(connection)
    }

    /// Reads the text of a connection file.
    pub fn parse(text: &str) -> Result<Connection, String> {
        let mut value: serde_json::Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
        if let Some(map) = value.as_object_mut() {
            map.entry("signature_scheme").or_insert_with(|| "hmac-sha256".into());
            map.entry("transport").or_insert_with(|| "tcp".into());
            map.entry("key").or_insert_with(|| "".into());
        }
        let connection: Connection = serde_json::from_value(value).map_err(|e| e.to_string())?;
        let scheme = &connection.info.signature_scheme;
        if !connection.info.key.is_empty() && scheme != "hmac-sha256" {
            return Err(format!("signature scheme {scheme:?} is not offered: hmac-sha256 is"));
        }
        connection.keys()?;
        Ok(connection)
    }

    /// The CURVE keys, when there are any.
    pub fn keys(&self) -> Result<Option<Keys>, String> {
        let decode = |name: &str, text: &str| match zmq::z85_decode(text) {
            Ok(key) if key.len() == 32 => Ok(key),
            _ => Err(format!("{name} is not a CURVE key (40 characters of Z85)")),
        };
        match (&self.curve_publickey, &self.curve_secretkey) {
            (Some(public), Some(secret)) => {
                let public = decode("curve_publickey", public)?;
                let secret = decode("curve_secretkey", secret)?;
                Ok(Some(Keys { public, secret }))
            }
            (None, None) => Ok(None),
            _ => Err("curve_publickey and curve_secretkey belong together: one is missing".to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str =
        r#""ip":"127.0.0.1","shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5"#;

    fn check(extra: &str, expect: Result<(), &str>) {
        let got = Connection::parse(&format!("{{{PLAIN}{extra}}}"));
        match (got, expect) {
            (Ok(_), Ok(())) => {}
            (Err(got), Err(expect)) => assert!(got.contains(expect), "{extra}: {got}"),
            (got, expect) => panic!("{extra}: {got:?}, not {expect:?}"),
        }
    }

    #[test]
    fn connection_files() {
        let key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
        check("", Ok(()));
        check(r#","transport":"ipc","key":"k","signature_scheme":"hmac-sha256","later":1"#, Ok(()));
        check(r#","key":"k","signature_scheme":"hmac-md5""#, Err("hmac-md5"));
        check(r#","key":"","signature_scheme":"none""#, Ok(()));
        check(r#","shell_port":"x""#, Err(""));
        check(&format!(r#","curve_publickey":"{key}","curve_secretkey":"{key}""#), Ok(()));
        check(&format!(r#","curve_publickey":"{key}""#), Err("belong together"));
        check(r#","curve_publickey":"short","curve_secretkey":"short""#, Err("not a CURVE key"));
        assert!(Connection::parse("[]").is_err());
        assert!(Connection::parse("").is_err());
    }
}
