//! What staff do at a station's own screen.

use super::{Client, ClientError};
use crate::staff::{ActionRequest, FoundMember, PinRequest, StationStaffView};
use domain::Verdict;
use reqwest::Method;

impl Client {
    /// `POST /v1/staff/at-station/session`: the PIN of whoever showed their badge. Made once only: it may be wrong but few times.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn staff_sign_in(&self, pin: &str) -> Result<Verdict, ClientError> {
        let body = PinRequest {
            pin: pin.to_owned(),
        };
        let path = ["v1", "staff", "at-station", "session"];
        let request = self.request(Method::POST, &path).json(&body);
        super::read(&super::answered(request).await?)
    }

    /// `DELETE /v1/staff/at-station/session`.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn staff_sign_out(&self) -> Result<(), ClientError> {
        let path = ["v1", "staff", "at-station", "session"];
        let request = self.request(Method::DELETE, &path);
        self.surely(request).await.map(drop)
    }

    /// `GET /v1/staff/at-station`.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn staff_view(&self) -> Result<StationStaffView, ClientError> {
        self.get(&["v1", "staff", "at-station"]).await
    }

    /// `GET /v1/staff/at-station/members/{number}`; none where nobody has it.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn staff_find(&self, number: &str) -> Result<Option<FoundMember>, ClientError> {
        let path = ["v1", "staff", "at-station", "members", number];
        match self.get(&path).await {
            Ok(found) => Ok(Some(found)),
            Err(ClientError::Problem(problem)) if problem.status == 404 => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// `POST /v1/staff/at-station/actions`.
    ///
    /// # Errors
    /// When the service is away or refuses the call.
    pub async fn staff_act(&self, action: &ActionRequest) -> Result<Verdict, ClientError> {
        let path = ["v1", "staff", "at-station", "actions"];
        self.post(&path, action).await
    }
}
