// A shop as a real framework builds it.
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter, Link, Route, Routes, useParams } from "react-router-dom";

function Home() {
  return <h1>Welcome Ryan</h1>;
}

function Product() {
  const { id } = useParams();
  const [product, setProduct] = useState(null);
  const [reviews, setReviews] = useState(null);
  useEffect(() => {
    fetch(`/api/products/${id}?delay=60`)
      .then((answer) => answer.json())
      .then(setProduct);
  }, [id]);
  useEffect(() => {
    if (product) {
      fetch(`/api/reviews/${id}?delay=60`)
        .then((answer) => answer.json())
        .then(setReviews);
    }
  }, [product, id]);
  return (
    <>
      <h1>Product {id}</h1>
      <p>{product ? "in stock" : "wait"}</p>
      <p id="reviews">{reviews ? "reviewed" : "wait"}</p>
    </>
  );
}

function App() {
  return (
    <BrowserRouter basename="/app">
      <nav>
        <Link to="/">Start</Link> <Link to="/about">About us</Link> <Link to="/product/7">Product seven</Link>
      </nav>
      <Routes>
        <Route path="/" element={<Home />} />
        <Route path="/about" element={<h1>About</h1>} />
        <Route path="/product/:id" element={<Product />} />
      </Routes>
    </BrowserRouter>
  );
}

createRoot(document.getElementById("root")).render(<App />);
