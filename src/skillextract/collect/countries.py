"""Country names as boards write them, and the two letters of ISO 3166-1 for each."""

from __future__ import annotations

import re
import unicodedata

# ISO 3166-1 alpha-2, and the English names in use (short name first, other spellings after it). "Georgia" and a bare
# "Korea" or "Congo" are left out of the names on purpose where they name two things: see `find_country`.
_NAMES = """
AD Andorra|AE United Arab Emirates, UAE, U.A.E.|AF Afghanistan|AG Antigua and Barbuda|AI Anguilla|AL Albania|AM Armenia
AO Angola|AQ Antarctica|AR Argentina|AS American Samoa|AT Austria, Österreich|AU Australia|AW Aruba|AX Åland Islands
AZ Azerbaijan|BA Bosnia and Herzegovina, Bosnia & Herzegovina|BB Barbados|BD Bangladesh|BE Belgium, België, Belgique
BF Burkina Faso|BG Bulgaria|BH Bahrain|BI Burundi|BJ Benin|BL Saint Barthélemy|BM Bermuda|BN Brunei, Brunei Darussalam
BO Bolivia|BQ Caribbean Netherlands|BR Brazil, Brasil|BS Bahamas, The Bahamas|BT Bhutan|BV Bouvet Island|BW Botswana
BY Belarus|BZ Belize|CA Canada|CC Cocos Islands|CD Democratic Republic of the Congo, DR Congo, Congo-Kinshasa
CF Central African Republic|CG Republic of the Congo, Congo-Brazzaville|CH Switzerland, Schweiz, Suisse
CI Ivory Coast, Côte d'Ivoire|CK Cook Islands|CL Chile|CM Cameroon|CN China, People's Republic of China, Mainland China
CO Colombia|CR Costa Rica|CU Cuba|CV Cabo Verde, Cape Verde|CW Curaçao|CX Christmas Island|CY Cyprus
CZ Czechia, Czech Republic|DE Germany, Deutschland|DJ Djibouti|DK Denmark, Danmark|DM Dominica|DO Dominican Republic
DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|EH Western Sahara|ER Eritrea|ES Spain, España|ET Ethiopia|FI Finland
FJ Fiji|FK Falkland Islands|FM Micronesia|FO Faroe Islands|FR France, France Metropolitan|GA Gabon
GB United Kingdom, UK, U.K., Great Britain, England, Scotland, Wales, Northern Ireland|GD Grenada|GE Georgia
GF French Guiana|GG Guernsey|GH Ghana|GI Gibraltar|GL Greenland|GM Gambia, The Gambia|GN Guinea|GP Guadeloupe
GQ Equatorial Guinea|GR Greece|GS South Georgia and the South Sandwich Islands|GT Guatemala|GU Guam|GW Guinea-Bissau
GY Guyana|HK Hong Kong, Hong Kong SAR|HM Heard Island and McDonald Islands|HN Honduras|HR Croatia|HT Haiti|HU Hungary
ID Indonesia|IE Ireland, Republic of Ireland|IL Israel|IM Isle of Man|IN India|IO British Indian Ocean Territory
IQ Iraq|IR Iran, Islamic Republic of Iran|IS Iceland|IT Italy, Italia|JE Jersey|JM Jamaica|JO Jordan|JP Japan|KE Kenya
KG Kyrgyzstan|KH Cambodia|KI Kiribati|KM Comoros|KN Saint Kitts and Nevis|KP North Korea
KR South Korea, Republic of Korea, Korea Republic of|KW Kuwait|KY Cayman Islands|KZ Kazakhstan|LA Laos|LB Lebanon
LC Saint Lucia|LI Liechtenstein|LK Sri Lanka|LR Liberia|LS Lesotho|LT Lithuania|LU Luxembourg|LV Latvia|LY Libya
MA Morocco|MC Monaco|MD Moldova|ME Montenegro|MF Saint Martin|MG Madagascar|MH Marshall Islands
MK North Macedonia, Macedonia|ML Mali|MM Myanmar, Burma|MN Mongolia|MO Macao, Macau|MP Northern Mariana Islands
MQ Martinique|MR Mauritania|MS Montserrat|MT Malta|MU Mauritius|MV Maldives|MW Malawi|MX Mexico, México|MY Malaysia
MZ Mozambique|NA Namibia|NC New Caledonia|NE Niger|NF Norfolk Island|NG Nigeria|NI Nicaragua
NL Netherlands, The Netherlands, Holland, Nederland|NO Norway, Norge|NP Nepal|NR Nauru|NU Niue|NZ New Zealand|OM Oman
PA Panama|PE Peru|PF French Polynesia|PG Papua New Guinea|PH Philippines, The Philippines|PK Pakistan
PL Poland, Polska|PM Saint Pierre and Miquelon|PN Pitcairn|PR Puerto Rico
PS Palestine, State of Palestine, Palestinian Territories|PT Portugal|PW Palau|PY Paraguay|QA Qatar|RE Réunion
RO Romania|RS Serbia|RU Russia, Russian Federation|RW Rwanda|SA Saudi Arabia, Kingdom of Saudi Arabia, KSA
SB Solomon Islands|SC Seychelles|SD Sudan|SE Sweden, Sverige|SG Singapore|SH Saint Helena|SI Slovenia
SJ Svalbard and Jan Mayen|SK Slovakia, Slovak Republic|SL Sierra Leone|SM San Marino|SN Senegal|SO Somalia|SR Suriname
SS South Sudan|ST São Tomé and Príncipe|SV El Salvador|SX Sint Maarten|SY Syria|SZ Eswatini, Swaziland
TC Turks and Caicos Islands|TD Chad|TF French Southern Territories|TG Togo|TH Thailand|TJ Tajikistan|TK Tokelau
TL Timor-Leste, East Timor|TM Turkmenistan|TN Tunisia|TO Tonga|TR Turkey, Türkiye, Turkiye|TT Trinidad and Tobago
TV Tuvalu|TW Taiwan|TZ Tanzania|UA Ukraine|UG Uganda|UM U.S. Outlying Islands
US United States, United States of America, The United States, USA, U.S.A., U.S., US|UY Uruguay|UZ Uzbekistan
VA Vatican City|VC Saint Vincent and the Grenadines|VE Venezuela|VG British Virgin Islands|VI U.S. Virgin Islands
VN Vietnam, Viet Nam|VU Vanuatu|WF Wallis and Futuna|WS Samoa|YE Yemen|YT Mayotte|ZA South Africa|ZM Zambia|ZW Zimbabwe
"""


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^\w&'-]+", " ", letters.casefold().replace(".", "").replace("’", "'")).split())


_CODES: dict[str, str] = {}
for _entry in re.split(r"[|\n]+", _NAMES.strip()):
    for _name in _entry[3:].split(","):
        _CODES[_key(_name)] = _entry[:2]

ISO_CODES = frozenset(_CODES.values())
"""The 249 codes of ISO 3166-1 alpha-2."""

# In free text these are more often a state of the USA, a channel island's cow, or a given name than the country.
_UNSURE_IN_TEXT = frozenset({"georgia", "jersey"})


def read_country(stated: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of what a country field states, as code or as English name; None where it is none."""
    code = stated.strip().upper()
    if code in ISO_CODES:
        return code
    return _CODES.get(_key(stated))


def find_country(place: str) -> str | None:
    """The country that a free text such as "Berlin, Germany; Remote (US)" names; None where it names none, or several.

    Only whole pieces between commas, brackets, slashes, semicolons, bars and dashes count, and no two letters but US
    and UK: "CA" may be California or Canada. Cities and states are not looked up.
    """
    pieces = re.split(r"[;|,()/•·]|\s[-–—]\s|\b(?:or|and)\b(?=\s+[A-Z])", place)
    named = set()
    for piece in pieces:
        key = _key(re.sub(r"(?i)\b(?:remote|hybrid|onsite|on-site)\b(?:\s*(?:in|within|-|–|:))?", " ", piece))
        if key not in _UNSURE_IN_TEXT and key in _CODES:
            named.add(_CODES[key])
    return named.pop() if len(named) == 1 else None


def country_words() -> frozenset[str]:
    """The words that countries' names are made of, in lower case, without two-letter codes and "and", "of", "the"."""
    return _WORDS


_WORDS = frozenset(word for name in _CODES for word in name.split() if len(word) > 3)
