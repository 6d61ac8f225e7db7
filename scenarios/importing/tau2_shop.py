"""τ²-bench's retail database as tables of a pack, cut down to what the tasks are about."""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from personas.errors import ContentError, Problem
from scenarios.importing.canonical import canonical
from scenarios.pack_checks import Tables
from scenarios.types import Cell

STRANGERS = 30
"""Other customers' orders that are kept, to get lost in."""
NONE = "none"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Address(_Part):
    address1: str
    address2: str
    city: str
    state: str
    country: str
    zip: str


class _Name(_Part):
    first_name: str
    last_name: str


class User(_Part):
    """A customer of the shop."""

    user_id: str
    name: _Name
    address: _Address
    email: str
    payment_methods: dict[str, dict[str, Any]]
    orders: tuple[str, ...]


class Item(_Part):
    """An item of an order."""

    name: str
    product_id: str
    item_id: str
    price: float
    options: dict[str, Any]


class _Payment(_Part):
    transaction_type: str
    amount: float
    payment_method_id: str


class _Fulfillment(_Part):
    tracking_id: tuple[str, ...]


class Order(_Part):
    """An order."""

    order_id: str
    user_id: str
    address: _Address
    items: tuple[Item, ...]
    status: str
    fulfillments: tuple[_Fulfillment, ...] = ()
    payment_history: tuple[_Payment, ...] = ()


class _Variant(_Part):
    item_id: str
    options: dict[str, Any]
    available: bool
    price: float


class Product(_Part):
    """A product and its variants."""

    name: str
    product_id: str
    variants: dict[str, _Variant]


class Shop(_Part):
    """The database."""

    users: dict[str, User]
    orders: dict[str, Order]
    products: dict[str, Product]

    def customer(self, arguments: Mapping[str, str]) -> User | None:
        """The customer that an action's arguments name, by id, e-mail, name and zip, or order."""
        order = self.order(arguments.get("order_id", ""))
        id_ = arguments.get("user_id") or (order.user_id if order else "")
        if id_ in self.users:
            return self.users[id_]
        wanted = {key: arguments[key].casefold() for key in _SEARCHED if key in arguments}
        return next((u for u in self.users.values() if wanted and _is(u, wanted)), None)

    def order(self, order_id: str) -> Order | None:
        """The order with this number, with or without its `#`."""
        plain = order_id.lstrip("#")
        return self.orders.get(f"#{plain}") or self.orders.get(plain)

    def cut_to(self, users: Collection[str], items: Collection[str]) -> "Shop":
        """The shop with these customers, what they ordered, and some others' orders."""
        own = {key: order for key, order in self.orders.items() if order.user_id in users}
        others = [key for key, order in self.orders.items() if order.user_id not in users]
        step = max(1, len(others) // STRANGERS)
        orders = {**own, **{key: self.orders[key] for key in others[::step][:STRANGERS]}}
        kept = {order.user_id for order in orders.values()} | set(users)
        ordered = {item.product_id for order in orders.values() for item in order.items}
        named = {
            key
            for key, product in self.products.items()
            if key in ordered or key in items or set(items) & product.variants.keys()
        }
        return Shop(
            users={key: user for key, user in self.users.items() if key in kept},
            orders=dict(sorted(orders.items())),
            products={key: each for key, each in self.products.items() if key in named},
        )


_SEARCHED = ("email", "first_name", "last_name", "zip")


def _is(user: User, wanted: Mapping[str, str]) -> bool:
    have = {
        "email": user.email,
        "first_name": user.name.first_name,
        "last_name": user.name.last_name,
        "zip": user.address.zip,
    }
    return all(have[key].casefold() == value for key, value in wanted.items())


def read_shop(data: Any, file: str) -> Shop | None:
    """The database; `None` when it is another business's. Raises `ContentError` when broken."""
    if not isinstance(data, dict) or not {"users", "orders", "products"} <= data.keys():
        return None
    try:
        return TypeAdapter(Shop).validate_python(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        message = f"{first['msg'].lower()}; get the file again or correct the record"
        raise ContentError.of([Problem(file, 1, field, message)]) from error


def shop_tables(shop: Shop, items: Collection[str]) -> Tables:
    """The shop as tables; of single items only those that are asked for by their id."""
    return {
        "users": {user.user_id: _user(user) for user in shop.users.values()},
        "orders": {o.order_id.lstrip("#"): _order(o) for o in shop.orders.values()},
        "products": {each.product_id: _product(each) for each in shop.products.values()},
        "items": {
            variant.item_id: _item(product, variant)
            for product in shop.products.values()
            for variant in product.variants.values()
            if variant.item_id in items
        },
    }


def _user(user: User) -> dict[str, Cell]:
    methods = (_method(id_, method) for id_, method in user.payment_methods.items())
    return {
        "user_id": user.user_id,
        "first_name": user.name.first_name,
        "last_name": user.name.last_name,
        "email": user.email,
        **_address(user.address),
        "payment_methods": "; ".join(methods) or NONE,
        "orders": ", ".join(user.orders) or NONE,
        "changed": False,
    }


def _method(id_: str, method: Mapping[str, Any]) -> str:
    shown = [str(method[key]) for key in ("brand", "last_four", "balance") if key in method]
    return f"{id_} ({', '.join(shown)})" if shown else id_


def _address(address: _Address) -> dict[str, Cell]:
    return {key: canonical(value) for key, value in address.model_dump().items()}


def _order(order: Order) -> dict[str, Cell]:
    payments = (
        f"{p.transaction_type} {p.amount} {p.payment_method_id}" for p in order.payment_history
    )
    tracking = [number for part in order.fulfillments for number in part.tracking_id]
    first = order.payment_history[0].payment_method_id if order.payment_history else NONE
    return {
        "order_id": order.order_id.lstrip("#"),
        "user_id": order.user_id,
        "status": order.status,
        "items": "; ".join(
            f"{item.item_id} {item.name} (product {item.product_id}; {_options(item.options)}) "
            f"{item.price}"
            for item in order.items
        ),
        **_address(order.address),
        "payment_method": first,
        "payments": "; ".join(payments) or NONE,
        "tracking": ", ".join(tracking) or NONE,
        "cancel_reason": NONE,
        "change_items": NONE,
        "change_to": NONE,
        "change_payment": NONE,
        "changed": False,
    }


def _product(product: Product) -> dict[str, Cell]:
    variants = (
        f"{v.item_id} ({_options(v.options)}) {v.price}{'' if v.available else ' not in stock'}"
        for v in product.variants.values()
    )
    return {"name": product.name, "product_id": product.product_id, "variants": "; ".join(variants)}


def _item(product: Product, variant: _Variant) -> dict[str, Cell]:
    return {
        "name": product.name,
        "product_id": product.product_id,
        "options": _options(variant.options) or NONE,
        "price": str(variant.price),
        "stock": "in stock" if variant.available else "not in stock",
    }


def _options(options: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in options.items())
