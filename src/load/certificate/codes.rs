//! Codes of what can be wrong with a certificate: as a file, and as a proof. See [`load::codes`](super::super::codes) for those of a portfolio.

use super::super::codes::codes;

codes! {
    LINE = "C001": "a line of a certificate is not what stands there"
        expects "the line that docs/certificates.md has at this place"
        example "not the first line of a certificate"
        remedy "make the certificate anew with `optimize --certificate`: it is no file to be edited";
    VERSION = "C002": "a certificate is of another format"
        expects "a certificate of format 1"
        example "the certificate is of format 2, not 1"
        remedy "check it with the version of grantfolio that wrote it, or make it anew";
    ENDS = "C003": "a certificate ends before it is whole"
        expects "as many lines as the lines before say"
        example "the certificate ends where a node is expected"
        remedy "copy the whole file, or make it anew";
    GOES_ON = "C004": "a certificate goes on after its end"
        expects "as many lines as the lines before say"
        example "the certificate goes on after its last group"
        remedy "take the file as it was written, or make it anew";
    OTHER_APPLICATIONS = "C005": "a certificate is about other applications"
        expects "the groups of applications that the portfolio falls into"
        example "the certificate has 1 group, the portfolio 2"
        remedy "check it with the portfolio, the measures and the settings that it was made with";
    OTHER_PROGRAM = "C006": "a certificate is about another program"
        expects "the fingerprint of the program of the group"
        example "the proof is about another program"
        remedy "check it with the portfolio, the measures, the settings and the version of grantfolio that it was made with";
    STEP = "C007": "a proof has a step that is none"
        expects "rows and columns of the program, and steps that its rows and multipliers bear out"
        example "there is no row 99999"
        remedy "make the certificate anew: this proof does not hold";
    ABOVE = "C008": "the bound of a certificate does not follow from its proof"
        expects "a proof by which no plan is worth more than the bound"
        example "the bound of the box is"
        remedy "make the certificate anew: nothing is proven of the plans in this box";
    SHAPE = "C009": "a tree does not have every part of its boxes once"
        expects "two parts after every box that is split, and nothing else"
        example "the tree ends before all parts of its boxes are there"
        remedy "make the certificate anew: nothing is proven of the plans in what is missing";
    SEARCH = "C010": "a search does not bear out the bound of a certificate"
        expects "a group small enough to be searched, and no plan above the bound"
        example "a plan is worth more than"
        remedy "make the certificate anew: nothing is proven of this group";
    SUM = "C011": "the bounds of a certificate do not come to the bound of the result"
        expects "groups whose bounds add up to the upper bound of the result"
        example "the bounds of the groups come to"
        remedy "check it with the result that was made together with it";
    NO_PROOF = "C012": "a group has a bound and no proof, or a proof and no bound"
        expects "a proof for every bound"
        example "a bound without a proof"
        remedy "make the certificate anew";
}
