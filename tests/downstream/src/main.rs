//! What a user writes first: set up a client, prepare a call, read a body, write it back.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    #[cfg(feature = "cloudpanel")]
    cloudpanel()?;
    #[cfg(feature = "cloudflow")]
    cloudflow()?;
    #[cfg(feature = "cloudsfor")]
    cloudsfor()?;
    Ok(())
}

#[cfg(feature = "cloudpanel")]
fn cloudpanel() -> Result<(), Box<dyn Error>> {
    use cloud_panels::cloudpanel::types::{CreateServer, CreateServerHardware, Server};
    use cloud_panels::runtime::json;

    let size = "8C626C1A7005D0D1F527143C413D461E";
    let hardware = CreateServerHardware::default().fixed_instance_size_id(size);
    let request = CreateServer::new("web", hardware, "B5F778B85C041347BCDCFC3172AB3F3C").power_on(false);
    println!("{}", json::to_string(&request)?);

    let text = r#"{"id":"39AA","status":{"state":"THINKING","percent":null},"price":60.50}"#;
    let server: Server = json::from_str(text)?;
    println!("{}", server.id);
    println!("{}", json::to_string(&server)?);
    Ok(())
}

#[cfg(feature = "cloudflow")]
fn cloudflow() -> Result<(), Box<dyn Error>> {
    use cloud_panels::cloudflow::types::VirtualMachine;
    use cloud_panels::runtime::json;

    let machine: VirtualMachine = json::from_str(r#"{"id":7,"label":"web","memory":512}"#)?;
    println!("{}", json::to_string(&machine)?);
    Ok(())
}

#[cfg(feature = "cloudsfor")]
fn cloudsfor() -> Result<(), Box<dyn Error>> {
    use cloud_panels::cloudsfor::types::Vm;
    use cloud_panels::runtime::json;

    let vm: Vm = json::from_str(r#"{"id":"a1","vcpus":"2"}"#)?;
    println!("{}", json::to_string(&vm)?);
    Ok(())
}
