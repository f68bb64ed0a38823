-- Parcels of cards on their way to a branch; which cards are in one says the card itself, in its holder's dossier.
CREATE TABLE parcel (
    branch text NOT NULL, number text NOT NULL, packed_on date NOT NULL, PRIMARY KEY (branch, number));
