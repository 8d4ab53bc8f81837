"""Facts about naming: which cultures live in the region, with which names and customs. Data, no code.

Shares are rough, by local authority, after the 2021 census; customs are rough too. All are assumptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Culture:
    """A community with its own names.

    `ethnic` is the DfE code. `shares` are per 1,000 people in Bristol, North Somerset, South
    Gloucestershire, and Bath and North East Somerset. `family_name` is the chance that a couple and their
    children share one surname. `first_january` is the chance that someone born abroad is recorded, for
    good, as born on 1 January; `abroad` the chance that an adult was.
    """

    name: str
    ethnic: str
    shares: tuple[float, float, float, float]
    locales: tuple[str, ...]
    steepness: float = 0.9
    family_name: float = 0.75
    first_january: float = 0.0
    abroad: float = 0.3


def words(text: str) -> tuple[str, ...]:
    """The words of a text: a list of names that reads as one."""
    return tuple(text.split())


CULTURES: Final[tuple[Culture, ...]] = (
    Culture(
        "british", "WBRI", (716, 912, 862, 870), ("en_GB", "en_IE", "en", "english_tail"), 0.85, 0.7, 0, 0.02
    ),
    Culture("irish", "WIRI", (10, 6, 6, 8), ("en_IE", "ga_IE"), 0.8, 0.7, 0, 0.4),
    Culture("traveller", "WIRT", (2, 2, 2, 1), ("en_IE",), 1.1, 0.9, 0.01, 0.02),
    Culture("polish", "WOTH", (24, 14, 14, 12), ("pl_PL",), 0.8, 0.8, 0, 0.9),
    Culture("romanian", "WOTH", (16, 5, 8, 5), ("ro_RO",), 0.9, 0.85, 0.002, 0.95),
    Culture("roma", "WROM", (2, 1, 1, 1), ("ro_RO",), 1.1, 0.9, 0.04, 0.9),
    Culture("italian", "WOTH", (16, 4, 4, 8), ("it_IT",), 0.85, 0.3, 0, 0.8),
    Culture("spanish", "WOTH", (16, 4, 4, 8), ("es_ES",), 0.85, 0.1, 0, 0.85),
    Culture("portuguese", "WOTH", (8, 6, 3, 4), ("pt_PT", "pt_BR"), 0.9, 0.4, 0, 0.85),
    Culture("french_german", "WOTH", (12, 6, 6, 10), ("fr_FR", "de_DE"), 0.85, 0.6, 0, 0.8),
    Culture("indian", "AIND", (19, 8, 25, 10), ("en_IN",), 0.9, 0.7, 0.01, 0.6),
    Culture("pakistani", "APKN", (19, 1, 5, 2), ("south_asian_muslim", "en_PK"), 1.0, 0.35, 0.08, 0.5),
    Culture("bangladeshi", "ABAN", (6, 2, 2, 2), ("bangladeshi", "en_PK"), 1.25, 0.2, 0.15, 0.5),
    Culture("chinese", "CHNE", (10, 3, 7, 12), ("chinese",), 0.8, 0.4, 0, 0.7),
    Culture("other_asian", "AOTH", (13, 7, 8, 6), ("vi_VN", "en_TH", "en_IN"), 0.9, 0.5, 0.02, 0.75),
    Culture("caribbean", "BCRB", (19, 1, 5, 3), ("en_US", "en_GB"), 0.85, 0.5, 0, 0.2),
    Culture("somali", "BAFR", (19, 1, 1, 0.5), ("somali",), 0.9, 0.02, 0.25, 0.7),
    Culture("nigerian", "BAFR", (8, 2, 5, 1), ("yo_NG", "ig_NG", "en_NG"), 0.85, 0.75, 0.02, 0.8),
    Culture("ghanaian_kenyan", "BAFR", (8, 1, 3, 1), ("tw_GH", "en_KE"), 0.85, 0.6, 0.02, 0.7),
    Culture("other_black", "BOTH", (8, 1, 2, 1), ("en_US", "en_KE"), 0.85, 0.5, 0.02, 0.4),
    Culture("mixed_caribbean", "MWBC", (18, 3, 6, 5), ("en_GB", "en_US"), 0.85, 0.5, 0, 0.02),
    Culture("mixed_african", "MWBA", (6, 1, 2, 2), ("en_GB", "en_KE"), 0.85, 0.5, 0, 0.1),
    Culture("mixed_asian", "MWAS", (10, 5, 7, 6), ("en_GB", "en_IN"), 0.85, 0.5, 0, 0.1),
    Culture("other_mixed", "MOTH", (11, 4, 5, 5), ("en_GB", "es_ES"), 0.85, 0.5, 0, 0.3),
    Culture("arab", "OOTH", (9, 1, 3, 2), ("arab", "south_asian_muslim"), 1.0, 0.6, 0.2, 0.8),
    Culture("turkish_kurdish", "OOTH", (8, 2, 3, 2), ("tr_TR",), 0.9, 0.8, 0.15, 0.8),
)

# Ethnic group of a child of a White parent and one of another group.
WITH_WHITE: Final[Mapping[str, str]] = {
    "BCRB": "MWBC",
    "BAFR": "MWBA",
    "BOTH": "MWBA",
    **dict.fromkeys(("AIND", "APKN", "ABAN", "AOTH", "CHNE"), "MWAS"),
    **{group: group for group in ("MWBC", "MWBA", "MWAS", "MOTH")},
}

_MUSLIM_F = (
    "Aisha Fatima Zainab Maryam Khadija Amina Sana Hina Saima Nadia Rabia Sadia Shazia Farah Bushra Nasreen "
    "Rukhsana Shabnam Samina Yasmin Zara Hafsa Sumaya Iqra Mehwish Noor Asma Uzma Ayesha Tahira Nazia Kiran "
    "Mariam Safiya Ruqayya Aleena Inaya Hajra Sidra Lubna Parveen Shahida Naila Huma Irum Kausar Safina Zoya"
)
_MUSLIM_M = (
    "Mohammed Muhammad Ahmed Ali Hassan Hussain Ibrahim Imran Bilal Usman Adnan Asif Tariq Kashif Zain Hamza "
    "Omar Yusuf Haroon Faisal Nadeem Shahid Kamran Amir Khalid Rashid Saeed Junaid Waqas Arslan Abdul Sajid"
)
OWN_LISTS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "south_asian_muslim": {
        "forename_f": words(_MUSLIM_F),
        "forename_m": words(_MUSLIM_M),
        "surname_f": words("Khan Bibi Akhtar Begum Hussain Ahmed Ali Malik Mahmood Shah Iqbal Kauser"),
        "surname_m": words("Khan Hussain Ahmed Ali Malik Mahmood Shah Iqbal Akhtar Mirza Butt Sheikh"),
    },
    "bangladeshi": {
        "forename_f": words(
            "Fatema Nasima Rahima Shirin Sultana Ayesha Farzana Nazma Taslima Rehana Shahana "
            "Tahmina Sabina Jesmin Rowshan Salma Halima Amina Monowara Lutfa Maryam Nusrat Samia "
            "Anika Mahima"
        ),
        "forename_m": words(
            "Mohammed Abdul Md Shah Syed Kamal Jamal Faruk Shafiq Rafiq Nurul Anwar Habibur "
            "Mizanur Mahbub Rezaul Shamim Tofail Zakir Ashraf Ibrahim Yusuf Tanvir Rakib Arif"
        ),
        "surname_f": words("Begum Khatun Akter Khanom Sultana Bibi Ali Miah Ahmed Rahman Choudhury"),
        "surname_m": words("Miah Ali Uddin Rahman Hussain Islam Ahmed Khan Choudhury Alam Haque Hoque"),
    },
    "somali": {
        "forename_f": words(
            "Amina Fadumo Hodan Ayaan Sahra Halima Khadra Asha Faiza Ifrah Nimco Hibo Idil Ladan "
            "Maryan Naima Hamdi Sagal Zamzam Ubah Filsan Deqa Muna Safiya Fowsia Ruqiya Sumaya "
            "Hafsa Ikran Najma"
        ),
        "forename_m": words(
            "Mohamed Abdi Ahmed Ali Hassan Abdullahi Ibrahim Yusuf Omar Ismail Abdirahman Mahad "
            "Liban Guled Abdikarim Hussein Abdirizak Jama Khalid Mukhtar Nur Osman Said Sharif "
            "Zakaria Bile Hamza"
        ),
        "surname": words(
            "Mohamed Ali Ahmed Hassan Abdi Omar Yusuf Ibrahim Farah Warsame Jama Ismail Hussein "
            "Osman Abdullahi Nur Aden Elmi Egal Duale Guled Hersi Samatar Muse Adan Dirie "
            "Abdirahman Said Mahamud Hirsi"
        ),
    },
    "arab": {
        "forename_f": words("Layla Nour Rania Huda Salma Dina Reem Lina Hala Maha Amal Sara Yara Rana"),
        "forename_m": words("Ahmad Mohammad Omar Khaled Youssef Karim Samir Tarek Walid Nabil Ziad"),
        "surname": words(
            "Al-Ahmad Haddad Khalil Mansour Nasser Saleh Hamdan Aziz Ibrahim Hassan Al-Hassan "
            "Darwish Salem Abdallah El-Sayed Taha Yousef Rahman Sabbagh Qasim Najjar Khoury"
        ),
    },
    "chinese": {
        "forename_f": tuple(
            a + b.lower()
            for a in ("Xiao", "Mei", "Li", "Jia", "Yu", "Xin", "Hui", "Ying", "Shu")
            for b in ("Fang", "Juan", "Ling", "Na", "Xia", "Lan", "Jing", "Yan", "Qing", "Rong", "Hua")
        ),
        "forename_m": tuple(
            a + b.lower()
            for a in ("Jian", "Zhi", "Wei", "Guo", "Hao", "Jun", "Ming", "Yong", "Xiao", "Chang")
            for b in ("Qiang", "Ping", "Tao", "Lei", "Jie", "Hong", "Bo", "Feng", "Hui", "Gang", "Peng")
        ),
        "surname": words(
            "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Hu Guo He Lin Gao Luo "
            "Zheng Liang Xie Tang Song Deng Han Feng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai "
            "Jiang Yu Du Ye Cheng Wei Wong Chan Lee Cheung Lau Leung Ng Ho Lam Yeung Tsang"
        ),
    },
}

# One name, several spellings; keys in upper case.
_SPELLING_GROUPS: Final = (
    "Mohammed Mohamed Muhammad Mohammad",
    "Ahmed Ahmad Ahmet",
    "Hussain Hussein Husain",
    "Yusuf Yousef Youssef",
    "Ibrahim Ebrahim",
    "Aisha Ayesha Aysha",
    "Fatima Fatema Fadumo",
    "Maryam Mariam Maryan",
    "Omar Umar",
    "Usman Osman Othman",
    "Khadija Khadra Khadijah",
    "Safiya Safia Safiyya",
    "Stephen Steven",
    "Catherine Katherine Kathryn",
    "Sarah Sara",
    "Geoffrey Jeffrey",
    "Ann Anne",
    "Isabel Isobel Isabelle",
)
SPELLINGS: Final[Mapping[str, tuple[str, ...]]] = {
    name.upper(): tuple(other for other in group.split() if other != name)
    for group in _SPELLING_GROUPS
    for name in group.split()
}

SURNAME_STARTS: Final[tuple[str, ...]] = words(
    "Ash Black Brad Brock Brom Brook Burn Butter Carl Chal Charl Clay Cob Cold Cop Crom "
    "Cul Dal Den Ding Dun East Ed Elm Ever Fair Farn Feather Fern Fox Glas Gold Gran "
    "Green Hal Ham Hard Har Hart Haw Hay Hazel Heath Hether High Hol Holl Hunt Kemp Kil "
    "Kin Lang Lap Led Lin Long Lud Lym Mal Mar May Mel Mid Mill Mor Nether New Nor North "
    "Oak Old Os Over Pad Pen Pick Pres Quar Rad Raven Red Ring Rod Rush Sal Sand Sed Shaw "
    "Shel Sher Ship Silver Six Smal Stan Staple Stock Stone Stret Sun Sut Swan Tad Tam "
    "Thorn Thurl Tin Up Wad Wake Wal War Wat Wen West Whit Wick Wil Win Wood Wool Wych "
    "York"
)
SURNAME_ENDS: Final[tuple[str, ...]] = words(
    "bourne bridge brook bury by combe cott croft dale den field fold ford gate grave ham "
    "head hill holme house hurst land ley low man mere more ridge sett shaw side stead "
    "stock stone thorpe ton tree wall ward water way well wick wood worth yard"
)
