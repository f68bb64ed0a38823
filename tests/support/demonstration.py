"""The made-up customers of the demonstration, and which of them asks for which service."""

from counter.gateway.seeding.customers import DemoPerson, demo_people

PEOPLE = {person.purpose: person for person in demo_people()}
WHO = {
    "apply": "first_application",
    "exchange": "same_number",
    "reset_pin": "receipt",
    "withdraw_loss": "lost",
    "change_photo": "no_photo",
    "book_bank_change": "book",
    "review_bank_change": "to_review",
    "clean_up": "elsewhere_two",
    "query": "being_made",
    "unlock": "pin_locked",
    "transfer_letter": "change_bank",
}
"""By service, where they are not named after it; all else may be asked by somebody with an ordinary card."""


def customer_of(service: str) -> DemoPerson:
    """Who asks for a service: the province has what it takes."""
    return PEOPLE[WHO.get(service, service if service in PEOPLE else "new_number")]
