//! What an instance consists of.

use rust_decimal::Decimal;

use crate::measure::Claim;
use crate::money::Money;
use crate::rounding::Rounding;

/// Clients and the calls that are open to them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Names it among all, such as `whole-20x4/7`.
    pub name: String,
    /// Whether costs are claimed whole.
    pub claim: Claim,
    /// Whether costs may go in parts to several calls.
    pub splittable: bool,
    /// The calls.
    pub calls: Vec<Call>,
    /// The clients.
    pub clients: Vec<Client>,
    /// Money that calls share over all clients.
    pub funds: Vec<Fund>,
    /// De minimis aid that a client may have, with what it received before.
    pub de_minimis_room: Money,
}

/// A call for applications.
///
/// With the costs of an application admitted, C of consultancy and G of others, and F = flat rate x (C + G): C is at most the share of G, C + G + F is at least the
/// minimum, and the grant is rate x (C + G + F), at most the cap. Consultancy beyond its share is cut; where costs are claimed whole, the application is rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Grant for each euro admitted.
    pub rate: Decimal,
    /// The most it grants to an application.
    pub cap: Money,
    /// The least that must be admitted.
    pub minimum: Money,
    /// Consultancy at most, as a share of the other costs admitted.
    pub consultancy_share: Decimal,
    /// What is admitted on top of all costs, without invoice.
    pub flat_rate: Decimal,
    /// Whether its grants are de minimis aid.
    pub de_minimis: bool,
    /// The fund that pays it.
    pub fund: Option<usize>,
}

/// Money for all applications to the calls that it pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fund {
    /// How much.
    pub available: Money,
    /// Whether the last to be served gets what is left; otherwise who does not fit is refused.
    pub in_part: bool,
}

/// A client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// De minimis aid received before.
    pub received: Money,
    /// The costs of each project.
    pub projects: Vec<Vec<Cost>>,
}

/// A cost; it goes to one call at most, unless costs may go in parts to several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Net of VAT.
    pub amount: Money,
    /// Whether it is consultancy.
    pub consultancy: bool,
    /// The calls that take it, in order.
    pub calls: Vec<usize>,
}

impl Instance {
    /// All costs.
    pub fn costs(&self) -> impl Iterator<Item = &Cost> {
        self.clients.iter().flat_map(|client| client.projects.iter().flatten())
    }

    /// All costs, to be changed.
    pub(super) fn costs_mut(&mut self) -> impl Iterator<Item = &mut Cost> {
        self.clients.iter_mut().flat_map(|client| client.projects.iter_mut().flatten())
    }

    /// What of a client's costs fits a call.
    pub(super) fn fits(&self, client: usize, call: usize) -> Money {
        let costs = self.clients[client].projects.iter().flatten();
        costs.filter(|cost| cost.calls.contains(&call)).map(|cost| cost.amount).sum()
    }

    /// What could be asked of a fund: of each call it pays the sum over the projects, of each what all costs that fit bring, at most the cap.
    pub(super) fn demand(&self, fund: usize) -> Money {
        let mut demand = Money::ZERO;
        for (at, call) in self.calls.iter().enumerate().filter(|(_, call)| call.fund == Some(fund)) {
            for costs in self.clients.iter().flat_map(|client| &client.projects) {
                let fitting = costs.iter().filter(|cost| cost.calls.contains(&at));
                let sum: Money = fitting.map(|cost| cost.amount).sum();
                demand += Rounding::Down.cents(call.rate * sum.euro()).min(call.cap);
            }
        }
        demand
    }
}
