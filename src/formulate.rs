//! stub
/// stub
pub struct Model {
    /** p */
    pub program: crate::program::Program,
}
/// stub
pub fn formulate(_: &[crate::eligibility::Application]) -> Model {
    Model { program: crate::program::Program::default() }
}
/// stub
pub fn tie_break(m: &Model, _: crate::money::Money) -> crate::program::Program {
    m.program.clone()
}
