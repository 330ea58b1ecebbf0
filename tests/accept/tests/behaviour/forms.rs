//! Fields of forms, and parts, by what the document says of them.

use super::wire::{always, reply};
use verbatim_accept::form_fields::types::{Line, SendOrderBody, SendOrderBodyPlace, SendPartsBody};
use verbatim_accept::form_fields::{Orders, SERVICE};

#[tokio::test]
async fn the_media_type_of_a_field_counts() {
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    let place = SendOrderBodyPlace::default().city("a&b");
    let order = SendOrderBody::new(vec!["x".to_owned(), "y".to_owned()]).place(place);
    Orders::from_client(client)
        .unwrap()
        .orders()
        .send(&order)
        .await
        .expect("sent");
    assert_eq!(
        log.body(),
        "lines=x&lines=y&place=%7B%22city%22%3A%22a%26b%22%7D"
    );
}

#[tokio::test]
async fn a_required_list_without_items_is_refused() {
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    let order = SendOrderBody::new(Vec::new());
    let error = Orders::from_client(client)
        .unwrap()
        .orders()
        .send(&order)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("`lines` is required"), "{error}");
    assert!(log.targets().is_empty());
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    let order = SendOrderBody::new(vec!["x".to_owned()]).notes(Vec::new());
    Orders::from_client(client)
        .unwrap()
        .orders()
        .send(&order)
        .await
        .expect("sent");
    assert_eq!(log.body(), "lines=x");
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    let parts = SendPartsBody::new(Vec::new());
    let error = Orders::from_client(client)
        .unwrap()
        .orders()
        .send_parts(&parts)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("`tags`"), "{error}");
    assert!(log.targets().is_empty());
}

#[tokio::test]
async fn each_object_of_a_list_is_a_part_whether_its_type_is_spelled_out_or_not() {
    let (client, log) = always(&SERVICE, reply(204, &[], ""));
    let lines = || vec![Line::default().number(1), Line::default().number(2)];
    let parts = SendPartsBody::new(vec!["t".to_owned()])
        .silent(lines())
        .said(lines());
    Orders::from_client(client)
        .unwrap()
        .orders()
        .send_parts(&parts)
        .await
        .expect("sent");
    let body = log.body();
    for name in ["silent", "said"] {
        for number in [1, 2] {
            let part = format!(
                "name=\"{name}\"\r\nContent-Type: application/json\r\n\r\n{{\"number\":{number}}}\r\n"
            );
            assert!(body.contains(&part), "{body}");
        }
    }
}
